using System.Text.Json;
using Kinetra.Build.Testing;
using OpenQA.Selenium;
using OpenQA.Selenium.Chrome;
using Xunit;

namespace Kinetra.Build.Package.Tests.Reports;

/// <summary>A report as a reader sees it.</summary>
public sealed class ReportView(ChromeDriver driver, ReportBrowser browser, string file)
{
    /// <summary>The value of an expression in the page.</summary>
    /// <param name="expression">The expression; what it gives is read as JSON.</param>
    public JsonElement Ask(string expression) =>
        JsonDocument.Parse((string)driver.ExecuteScript($"return JSON.stringify((() => {{ {(expression.Contains("return ", StringComparison.Ordinal) ? expression : $"return {expression}")} }})() ?? null)")!).RootElement;

    /// <summary>The texts that an expression gives.</summary>
    public string[] Texts(string expression) => [.. Ask(expression).EnumerateArray().Select(text => text.GetString()!)];

    /// <summary>Does something in the page.</summary>
    public void Do(string script) => driver.ExecuteScript(script);

    /// <summary>Clicks as a reader does.</summary>
    public void Click(string selector) => driver.FindElement(By.CssSelector(selector)).Click();

    /// <summary>Types as a reader does.</summary>
    public void Type(string selector, string text)
    {
        IWebElement element = driver.FindElement(By.CssSelector(selector));
        element.Clear();
        element.SendKeys(text);
    }

    /// <summary>Waits until an expression is true.</summary>
    public void WaitFor(string expression)
    {
        for (int i = 0; i < 600; i++)
        {
            if (Ask($"Boolean({expression})").GetBoolean())
            {
                return;
            }

            Thread.Sleep(25);
        }

        Assert.Fail($"{expression} did not come true within 15 s. {string.Join('\n', Console())}");
    }

    /// <summary>Brings everything into view that is drawn when it is seen.</summary>
    public void SeeAll()
    {
        foreach ((string part, string content) in new[] { ("#graph", "#graph svg"), ("#history", ".card, .runs") })
        {
            if (Ask($"Boolean(document.querySelector('{part}'))").GetBoolean())
            {
                Do($"document.querySelector('{part}').scrollIntoView()");
                WaitFor($"document.querySelector('{content}')");
            }
        }

        Do("scrollTo(0, 0)");
    }

    /// <summary>The messages that the page has left on the console since it was opened: errors, warnings, refused requests.</summary>
    public IReadOnlyList<string> Console() => [.. driver.Manage().Logs.GetLog(LogType.Browser).Select(entry => $"{entry.Level}: {entry.Message}")];

    /// <summary>What the page has asked for since it was opened, but for itself.</summary>
    public IReadOnlyList<string> Requests() =>
    [
        .. driver.Manage().Logs.GetLog("performance")
            .Select(entry => JsonDocument.Parse(entry.Message).RootElement.GetProperty("message"))
            .Where(message => message.GetProperty("method").GetString() is "Network.requestWillBeSent" or "Network.webSocketCreated")
            .Select(message => message.GetProperty("params"))
            .Select(parameters => parameters.TryGetProperty("request", out JsonElement request) ? request.GetProperty("url").GetString()! : parameters.GetProperty("url").GetString()!)
            .Where(url => url != new Uri(file).AbsoluteUri && !url.StartsWith("data:", StringComparison.Ordinal)),
    ];

    /// <summary>Fails if the page has complained or asked for anything.</summary>
    public void AssertQuiet()
    {
        Assert.Empty(Console());
        Assert.Empty(Requests());
    }

    /// <summary>Keeps a picture of the whole page in <c>artifacts/reports</c>.</summary>
    /// <param name="name">Its name.</param>
    public void Keep(string name)
    {
        JsonElement size = Ask("[innerWidth, document.documentElement.scrollHeight]");
        JsonElement picture = browser.Send(
            "Page.captureScreenshot",
            ("captureBeyondViewport", true),
            ("clip", new Dictionary<string, object> { ["x"] = 0, ["y"] = 0, ["width"] = size[0].GetInt32(), ["height"] = Math.Min(size[1].GetInt32(), 6000), ["scale"] = 1 }));
        Write(name + ".png", picture);
    }

    /// <summary>Prints the page, and keeps that in <c>artifacts/reports</c>.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The PDF.</returns>
    public byte[] Print(string name) => Write(name + ".pdf", browser.Send("Page.printToPDF", ("printBackground", false), ("paperWidth", 8.27), ("paperHeight", 11.69)));

    private static byte[] Write(string name, JsonElement answer)
    {
        byte[] content = answer.GetProperty("data").GetBytesFromBase64();
        Directory.CreateDirectory(Repository.PathTo("artifacts", "reports"));
        File.WriteAllBytes(Repository.PathTo("artifacts", "reports", name), content);
        return content;
    }
}
