using Kinetra.Build.Core.Files;
using Xunit;

namespace Kinetra.Build.Core.Tests.Files;

public sealed class ProjectRelativePathTests
{
    [Theory]
    [InlineData("/p/a.txt", "a.txt")]
    [InlineData("/p/x/a.txt", "x/a.txt")]
    [InlineData("/p/..x/a.txt", "..x/a.txt")]
    [InlineData("/q/a.txt", "@root/q/a.txt")]
    [InlineData("/pp/a.txt", "@root/pp/a.txt")]
    [InlineData("/a.txt", "@root/a.txt")]
    [InlineData("/p/@root/q/a.txt", "@@root/q/a.txt")]
    [InlineData("/p/@@root/a.txt", "@@@root/a.txt")]
    [InlineData("/p/@a.txt", "@a.txt")]
    [InlineData("/p/x/@y/a.txt", "x/@y/a.txt")]
    public void Each_file_has_a_place_of_its_own(string file, string place)
    {
        Platform.RequireUnix();
        Assert.Equal(place, ProjectRelativePath.Of("/p", new FilePath(file, file)));
    }
}
