using System.Runtime.ExceptionServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Jint;
using Jint.Runtime;
using Kinetra.Build.Core;
using Kinetra.Build.Core.Reports;

namespace Kinetra.Build.Tool.Graphs;

/// <summary>A point of a drawing, in its units, from the upper left corner.</summary>
/// <param name="X">To the right.</param>
/// <param name="Y">Down.</param>
internal readonly record struct Point(double X, double Y);

/// <summary>A width and a height.</summary>
/// <param name="Width">The width.</param>
/// <param name="Height">The height.</param>
internal readonly record struct Size(double Width, double Height);

/// <summary>An edge to be laid out.</summary>
/// <param name="From">The index of the box that it begins at.</param>
/// <param name="To">The index of the box that it ends at.</param>
/// <param name="Label">How large its label is; 0 for none.</param>
internal sealed record SizedEdge(int From, int To, Size Label);

/// <summary>
/// Where the boxes and edges of a graph are drawn, from left to right. The layout is the one of the reports, dagre's; an interpreter runs it,
/// which gets numbers and gives numbers: no name comes near it.
/// </summary>
/// <param name="Size">The size of the drawing.</param>
/// <param name="Centres">The middle of each box.</param>
/// <param name="Bends">The places that each edge goes through, between its two boxes.</param>
/// <param name="Labels">The middle of the label of each edge.</param>
internal sealed record GraphLayout(Size Size, IReadOnlyList<Point> Centres, IReadOnlyList<IReadOnlyList<Point>> Bends, IReadOnlyList<Point> Labels)
{
    // A function of the script recurses once for each step of a path; each call takes some KB in the interpreter.
    private const int StackSize = 512 * 1024 * 1024;
    private const int MostCalls = 10_000;

    // Of the points of an edge every second one is a place kept free between boxes; the others lie between the ranks, as does a label.
    // structuredClone is of browsers; what is cloned here are lists of lists of ids.
    private const string Script = """
        globalThis.structuredClone = value => JSON.parse(JSON.stringify(value));
        function place(json) {
          const { boxes, edges } = JSON.parse(json);
          const graph = new dagre.graphlib.Graph({ multigraph: true });
          graph.setGraph({ rankdir: 'LR', nodesep: 16, ranksep: 44, edgesep: 12, marginx: 16, marginy: 16, ranker: boxes.length <= 60 ? 'network-simplex' : 'tight-tree' });
          boxes.forEach(({ Width, Height }, i) => graph.setNode(String(i), { width: Width, height: Height }));
          edges.forEach(({ From, To, Label }, i) => graph.setEdge(String(From), String(To), { width: Label.Width, height: Label.Height, labelpos: 'c' }, String(i)));
          dagre.layout(graph);
          const point = ({ x, y }) => ({ X: x ?? 0, Y: y ?? 0 });
          const placed = edges.map(({ From, To }, i) => graph.edge(String(From), String(To), String(i)));
          const { width, height } = graph.graph();
          return JSON.stringify({
            Size: { Width: width, Height: height },
            Centres: boxes.map((_, i) => point(graph.node(String(i)))),
            Bends: placed.map(({ points, width }) => points.slice(1, -1).filter((_, i, { length }) => i % 2 === 1 || (width > 0 && i === (length - 1) / 2)).map(point)),
            Labels: placed.map(point),
          });
        }
        """;

    /// <summary>Lays out a graph.</summary>
    /// <param name="boxes">The sizes of the boxes, one or more.</param>
    /// <param name="edges">The edges between them.</param>
    /// <param name="limit">How long that may take.</param>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.WrongUsage"/>: The graph is too large for that.</exception>
    public static GraphLayout Of(IReadOnlyList<Size> boxes, IReadOnlyList<SizedEdge> edges, TimeSpan limit)
    {
        string json = JsonSerializer.Serialize(new Input(boxes, edges));
        string? placed = null;
        ExceptionDispatchInfo? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                using Engine engine = new(options => options.TimeoutInterval(limit).LimitRecursion(MostCalls));
                placed = engine.Execute(LayoutScript.Read()).Execute(Script).Invoke("place", json).AsString();
            }
            catch (Exception error)
            {
                failure = ExceptionDispatchInfo.Capture(error);
            }
        }, StackSize);
        thread.Start();
        thread.Join();
        if (failure?.SourceException is TimeoutException or RecursionDepthOverflowException or InsufficientExecutionStackException)
        {
            throw new KinetraException(
                DiagnosticCodes.WrongUsage,
                $"--format svg: a graph of {boxes.Count} steps and {edges.Count} edges is too large to be laid out here. Graphviz lays it out: kinetra graph --format dot | dot -Tsvg.",
                failure.SourceException);
        }

        failure?.Throw();
        return JsonSerializer.Deserialize<GraphLayout>(placed!)!;
    }

    private sealed record Input([property: JsonPropertyName("boxes")] IReadOnlyList<Size> Boxes, [property: JsonPropertyName("edges")] IReadOnlyList<SizedEdge> Edges);
}
