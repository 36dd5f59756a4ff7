using System.Globalization;
using System.Xml.Linq;

namespace Kinetra.Build.Tool.Tests;

/// <summary>A picture of a graph, read as XML. One with an element that could do or load anything is refused.</summary>
internal sealed class SvgPicture
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";
    private static readonly string[] Known = ["svg", "title", "style", "rect", "g", "path", "text"];
    private static readonly string[] Attributes = ["xmlns", "class", "role", "width", "height", "viewBox", "x", "y", "rx", "d", "data-step", "data-from", "data-to"];
    private readonly XElement _root;

    /// <summary>Reads it.</summary>
    public SvgPicture(string text)
    {
        _root = XElement.Parse(text);
        Assert.All(_root.DescendantsAndSelf(), element =>
        {
            Assert.Equal(Svg, element.Name.Namespace);
            Assert.Contains(element.Name.LocalName, Known);
            Assert.All(element.Attributes(), attribute => Assert.Contains(attribute.Name.ToString(), Attributes));
        });
        string style = Assert.Single(_root.Descendants(Svg + "style")).Value;
        Assert.Contains("prefers-color-scheme: dark", style);
        Assert.DoesNotContain("url(", style);
        Assert.DoesNotContain("@import", style);
    }

    /// <summary>The steps in their order.</summary>
    public IReadOnlyList<(string Name, string? Outcome, string Class)> Steps =>
        [.. Groups("data-step").OrderBy(group => (int)group.Attribute("data-step")!).Select(group => (Text(group, "name")!, Text(group, "outcome"), group.Attribute("class")!.Value))];

    /// <summary>The edges: from, to, and how they look.</summary>
    public IReadOnlyList<string> Edges =>
        [.. Groups("data-from").Select(group => $"{group.Attribute("data-from")!.Value} {group.Attribute("data-to")!.Value} {group.Element(Svg + "path")!.Attribute("class")!.Value}")];

    /// <summary>The labels of edges.</summary>
    public IEnumerable<string> Files => _root.Elements(Svg + "text").Where(text => text.Attribute("class")!.Value == "file").Select(text => text.Value);

    /// <summary>Boxes lie in the picture and over no other, and each edge goes from the right side of one to the left side of the other.</summary>
    public void CheckPlaces()
    {
        (double X, double Y, double Width, double Height)[] boxes = [.. Groups("data-step").OrderBy(group => (int)group.Attribute("data-step")!).Select(group => group.Element(Svg + "rect")!)
            .Select(rect => ((double)rect.Attribute("x")!, (double)rect.Attribute("y")!, (double)rect.Attribute("width")!, (double)rect.Attribute("height")!))];
        (double width, double height) = ((double)_root.Attribute("width")!, (double)_root.Attribute("height")!);
        for (int i = 0; i < boxes.Length; i++)
        {
            Assert.True(boxes[i].X >= 0 && boxes[i].Y >= 0 && boxes[i].X + boxes[i].Width <= width && boxes[i].Y + boxes[i].Height <= height, $"box {i}");
            for (int j = 0; j < i; j++)
            {
                bool apart = boxes[i].X >= boxes[j].X + boxes[j].Width || boxes[j].X >= boxes[i].X + boxes[i].Width || boxes[i].Y >= boxes[j].Y + boxes[j].Height || boxes[j].Y >= boxes[i].Y + boxes[i].Height;
                Assert.True(apart, $"boxes {j} and {i}");
            }
        }

        foreach (XElement group in Groups("data-from"))
        {
            string[] paths = [.. group.Elements(Svg + "path").Select(path => path.Attribute("d")!.Value)];
            var (from, to) = (boxes[(int)group.Attribute("data-from")!], boxes[(int)group.Attribute("data-to")!]);
            AssertNear(from.X + from.Width, from.Y + from.Height / 2, paths[0]);
            AssertNear(to.X, to.Y + to.Height / 2, paths[1]);
            Assert.True(from.X + from.Width < to.X);
        }
    }

    // The point that a path begins at; numbers are rounded to tenths.
    private static void AssertNear(double x, double y, string path)
    {
        double[] start = [.. path[1..].Split(['H', 'l', ' '])[..2].Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
        Assert.InRange(start[0], x - 0.3, x + 0.3);
        Assert.InRange(start[1], y - 0.3, y + 0.3);
    }

    private static string? Text(XElement group, string kind) => group.Elements(Svg + "text").SingleOrDefault(text => text.Attribute("class")!.Value == kind)?.Value;

    private IEnumerable<XElement> Groups(string attribute) => _root.Elements(Svg + "g").Where(group => group.Attribute(attribute) is not null);
}
