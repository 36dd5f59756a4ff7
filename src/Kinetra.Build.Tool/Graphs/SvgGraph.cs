using System.Globalization;
using System.Text;
using System.Xml;
using Kinetra.Build.Core.Runs;
using Kinetra.Build.Tool.Output;

namespace Kinetra.Build.Tool.Graphs;

/// <summary>A graph as a picture (https://www.w3.org/TR/SVG2/): one file, without scripts and references to others, light or dark as the viewer is.</summary>
internal static class SvgGraph
{
    private const string Namespace = "http://www.w3.org/2000/svg";

    // All text is monospaced, so that how wide it gets is known without measuring it: 0.6 em for each column, a little more in some fonts.
    private const double NameColumn = 7.9, SmallColumn = 6.7;
    private const int MostNameColumns = 40, MostFileColumns = 32;
    private const double Padding = 12, LineHeight = 18, Corner = 6;

    // 1,000 steps took 15 s.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private const string Style = """

        .kinetra-graph { color-scheme: light dark; font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace; }
        .kinetra-graph .page { fill: #ffffff; }
        .kinetra-graph text { fill: #1b1f24; font-size: 13px; text-anchor: middle; }
        .kinetra-graph .outcome, .kinetra-graph .file { font-size: 11px; }
        .kinetra-graph .file { fill: #57606a; }
        .kinetra-graph .box { fill: #ffffff; stroke: #57606a; stroke-width: 1.2px; }
        .kinetra-graph .optional .box { stroke-dasharray: 5 3; }
        .kinetra-graph .edge { fill: none; stroke: #6e7781; stroke-width: 1.2px; }
        .kinetra-graph .must { stroke-width: 2.6px; }
        .kinetra-graph .head { fill: #6e7781; }
        .kinetra-graph .running .box { fill: #dbeafe; stroke: #2563eb; }
        .kinetra-graph .completed .box { fill: #dcfce7; stroke: #16a34a; }
        .kinetra-graph .cached .box { fill: #f0fdf4; stroke: #86efac; }
        .kinetra-graph .skipped .box { fill: #f3f4f6; stroke: #9ca3af; }
        .kinetra-graph .failed .box, .kinetra-graph .interrupted .box { fill: #fee2e2; stroke: #dc2626; }
        @media (prefers-color-scheme: dark) {
          .kinetra-graph .page { fill: #15181c; }
          .kinetra-graph text { fill: #e6e9ed; }
          .kinetra-graph .file { fill: #9ba6b2; }
          .kinetra-graph .box { fill: #1d2126; stroke: #9ba6b2; }
          .kinetra-graph .edge { stroke: #8b949e; }
          .kinetra-graph .head { fill: #8b949e; }
          .kinetra-graph .running .box { fill: #172c52; stroke: #60a5fa; }
          .kinetra-graph .completed .box { fill: #12351f; stroke: #4ade80; }
          .kinetra-graph .cached .box { fill: #16251b; stroke: #2f8f53; }
          .kinetra-graph .skipped .box { fill: #24292f; stroke: #6e7781; }
          .kinetra-graph .failed .box, .kinetra-graph .interrupted .box { fill: #47191b; stroke: #f87171; }
        }

        """;

    /// <summary>The document.</summary>
    /// <exception cref="Core.KinetraException">The graph is too large to be laid out.</exception>
    public static string Format(DrawnGraph graph)
    {
        string[] names = [.. graph.Steps.Select(step => SafeText.CutCells(Clean(step.Name), MostNameColumns))];
        string?[] files = [.. graph.Edges.Select(edge => edge.File is { } file ? CutStart(Clean(file)) : null)];
        double height = (graph.Steps.Any(step => step.Outcome is not null) ? 2 : 1) * LineHeight + Padding;
        Size[] boxes = [.. graph.Steps.Select((step, i) => new Size(Math.Ceiling(Math.Max(SafeText.Cells(names[i]) * NameColumn, SafeText.Cells(step.Outcome ?? "") * SmallColumn) + 2 * Padding), height))];
        GraphLayout layout = GraphLayout.Of(
            boxes,
            [.. graph.Edges.Select((edge, i) => new SizedEdge(edge.From, edge.To, files[i] is { } file ? new Size(Math.Ceiling(SafeText.Cells(file) * SmallColumn) + Padding, LineHeight) : default))],
            Limit);

        StringBuilder text = new();
        using (XmlWriter svg = XmlWriter.Create(text, new XmlWriterSettings { OmitXmlDeclaration = true, Indent = true, NewLineChars = "\n" }))
        {
            svg.WriteStartElement("svg", Namespace);
            Attributes(svg, ("class", "kinetra-graph"), ("role", "img"), ("width", Number(layout.Size.Width)), ("height", Number(layout.Size.Height)), ("viewBox", $"0 0 {Number(layout.Size.Width)} {Number(layout.Size.Height)}"));
            svg.WriteElementString("title", Namespace, Clean(graph.RunId is null ? graph.Workflow : $"{graph.Workflow} ({graph.RunId})"));
            svg.WriteElementString("style", Namespace, Style);
            Element(svg, "rect", ("class", "page"), ("width", "100%"), ("height", "100%"));
            Edges(svg, graph, layout, boxes, files);
            for (int i = 0; i < graph.Steps.Count; i++)
            {
                Step(svg, graph.Steps[i], i, names[i], layout.Centres[i], boxes[i]);
            }

            svg.WriteEndElement();
        }

        return text.Append('\n').ToString();
    }

    private static void Step(XmlWriter svg, DrawnStep step, int index, string name, Point centre, Size box)
    {
        string[] classes = ["step", .. step.Record is { } record ? [record.Status.Word()] : (string[])[], .. step.IsCritical ? (string[])[] : ["optional"]];
        svg.WriteStartElement("g", Namespace);
        Attributes(svg, ("class", string.Join(' ', classes)), ("data-step", Number(index)));
        svg.WriteElementString("title", Namespace, Clean(step.Name) + (step.Record is null ? "" : $": {step.Record.Status.Word()}, {step.Outcome}"));
        double corner = step.IsAlways ? box.Height / 2 : Corner;
        Element(svg, "rect", ("class", "box"), ("x", Number(centre.X - box.Width / 2)), ("y", Number(centre.Y - box.Height / 2)), ("width", Number(box.Width)), ("height", Number(box.Height)), ("rx", Number(corner)));
        // The baseline lies a third of the letters' height below the middle of a line.
        double first = step.Outcome is null ? centre.Y + 4.5 : centre.Y - LineHeight / 2 + 5;
        Text(svg, "name", centre.X, first, name);
        if (step.Outcome is { } outcome)
        {
            Text(svg, "outcome", centre.X, first + LineHeight - 1, outcome);
        }

        svg.WriteEndElement();
    }

    private static void Edges(XmlWriter svg, DrawnGraph graph, GraphLayout layout, Size[] boxes, string?[] files)
    {
        // Boxes of a rank have one middle; between the ranks an edge is free to bend, beside a wider box it is not.
        Dictionary<double, double> widest = [];
        for (int i = 0; i < boxes.Length; i++)
        {
            double rank = Math.Round(layout.Centres[i].X, 1);
            widest[rank] = Math.Max(widest.GetValueOrDefault(rank), boxes[i].Width / 2);
        }

        for (int i = 0; i < graph.Edges.Count; i++)
        {
            DrawnEdge edge = graph.Edges[i];
            Point start = layout.Centres[edge.From] with { X = layout.Centres[edge.From].X + boxes[edge.From].Width / 2 };
            Point end = layout.Centres[edge.To] with { X = layout.Centres[edge.To].X - boxes[edge.To].Width / 2 };
            svg.WriteStartElement("g", Namespace);
            Attributes(svg, ("data-from", Number(edge.From)), ("data-to", Number(edge.To)));
            svg.WriteElementString("title", Namespace, $"{Clean(graph.Steps[edge.From].Name)} → {Clean(graph.Steps[edge.To].Name)}{(edge.File is { } file ? $", {Clean(file)}" : "")}{(edge.MustSucceed ? ", must succeed" : "")}");
            Element(svg, "path", ("class", edge.MustSucceed ? "edge must" : "edge"), ("d", Curve(start, Free(edge.From, 1), layout.Bends[i], Free(edge.To, -1), end with { X = end.X - 6 })));
            // A path rather than a marker: it has no id, which another picture on the same page could have too.
            Element(svg, "path", ("class", "head"), ("d", $"M{Number(end.X)} {Number(end.Y)}l-9 -4.5v9z"));
            svg.WriteEndElement();
        }

        // Above all lines.
        for (int i = 0; i < graph.Edges.Count; i++)
        {
            if (files[i] is { } file)
            {
                double width = SafeText.Cells(file) * SmallColumn + 4;
                Element(svg, "rect", ("class", "page"), ("x", Number(layout.Labels[i].X - width / 2)), ("y", Number(layout.Labels[i].Y - 7)), ("width", Number(width)), ("height", "14"));
                Text(svg, "file", layout.Labels[i].X, layout.Labels[i].Y + 4, file);
            }
        }

        Point Free(int step, int side) => layout.Centres[step] with { X = layout.Centres[step].X + side * widest[Math.Round(layout.Centres[step].X, 1)] };
    }

    // Level at each place it goes through, so that it ends level too, where the arrow's head is.
    private static string Curve(Point start, Point first, IReadOnlyList<Point> bends, Point last, Point end)
    {
        StringBuilder path = new($"M{Number(start.X)} {Number(start.Y)}H{Number(first.X)}");
        last = last with { X = Math.Min(last.X, end.X) };
        foreach (Point point in bends.Append(last))
        {
            string middle = Number((first.X + point.X) / 2);
            path.Append(CultureInfo.InvariantCulture, $"C{middle} {Number(first.Y)} {middle} {Number(point.Y)} {Number(point.X)} {Number(point.Y)}");
            first = point;
        }

        return path.Append(CultureInfo.InvariantCulture, $"H{Number(end.X)}").ToString();
    }

    private static void Text(XmlWriter svg, string kind, double x, double y, string text)
    {
        svg.WriteStartElement("text", Namespace);
        Attributes(svg, ("class", kind), ("x", Number(x)), ("y", Number(y)));
        svg.WriteString(text);
        svg.WriteEndElement();
    }

    private static void Element(XmlWriter svg, string name, params (string Name, string Value)[] attributes)
    {
        svg.WriteStartElement(name, Namespace);
        Attributes(svg, attributes);
        svg.WriteEndElement();
    }

    private static void Attributes(XmlWriter svg, params (string Name, string Value)[] attributes)
    {
        foreach ((string name, string value) in attributes)
        {
            svg.WriteAttributeString(name, value);
        }
    }

    // The end of a path says most.
    private static string CutStart(string file)
    {
        if (SafeText.Cells(file) <= MostFileColumns)
        {
            return file;
        }

        Rune[] runes = [.. file.EnumerateRunes()];
        int from = runes.Length, columns = 1;
        while (from > 0 && (columns += SafeText.Cells(runes[from - 1].ToString())) <= MostFileColumns)
        {
            from--;
        }

        return "…" + string.Concat(runes[from..]);
    }

    // What XML cannot have, which an environment or a file system may: halves of characters, and U+FFFE, U+FFFF.
    private static string Clean(string text)
    {
        StringBuilder clean = new(text.Length);
        foreach (Rune rune in SafeText.Line(text).EnumerateRunes())
        {
            clean.Append(rune.Value is 0xFFFE or 0xFFFF ? Rune.ReplacementChar : rune);
        }

        return clean.ToString();
    }

    private static string Number(double number) => Math.Round(number, 1).ToString(CultureInfo.InvariantCulture);
}
