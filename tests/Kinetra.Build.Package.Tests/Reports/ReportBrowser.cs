using System.Text.Json;
using Kinetra.Build.Testing;
using OpenQA.Selenium;
using OpenQA.Selenium.Chrome;
using Xunit;

namespace Kinetra.Build.Package.Tests.Reports;

/// <summary>
/// The system's Chromium without a window, driven by its chromedriver: nothing is downloaded. Started when a test needs it first, one for all tests of
/// a class. What it shows is kept in <c>artifacts/reports</c>.
/// </summary>
public sealed class ReportBrowser : IDisposable
{
    private readonly TempFolder _profile = new();
    private ChromeDriver? _driver;

    /// <summary>Opens a report and waits until it has drawn itself.</summary>
    /// <param name="file">The report.</param>
    /// <param name="width">The width of the window in pixels.</param>
    /// <param name="isDark">Whether the system prefers dark.</param>
    public ReportView Open(string file, int width = 1280, bool isDark = false)
    {
        ChromeDriver driver = _driver ??= Start();
        Send("Emulation.setDeviceMetricsOverride", ("width", width), ("height", 900), ("deviceScaleFactor", 1), ("mobile", width < 500));
        Emulate("", isDark);
        driver.Manage().Logs.GetLog(LogType.Browser);
        driver.Manage().Logs.GetLog("performance");
        driver.Navigate().GoToUrl(new Uri(file));
        ReportView view = new(driver, this, file);
        view.WaitFor("document.querySelector('footer') && (!document.querySelector('.scroll') || document.querySelector('.scroll svg'))");
        return view;
    }

    /// <summary>Shows the page as on a medium.</summary>
    /// <param name="medium"><c>print</c>, or empty for the screen.</param>
    /// <param name="isDark">Whether the system prefers dark.</param>
    internal void Emulate(string medium, bool isDark) =>
        Send("Emulation.setEmulatedMedia", ("media", medium), ("features", new[] { new Dictionary<string, object> { ["name"] = "prefers-color-scheme", ["value"] = isDark ? "dark" : "light" } }));

    /// <summary>Sends a command of the DevTools protocol.</summary>
    internal JsonElement Send(string command, params (string Name, object Value)[] parameters) =>
        JsonSerializer.SerializeToElement(_driver!.ExecuteCdpCommand(command, parameters.ToDictionary(parameter => parameter.Name, object? (parameter) => parameter.Value)));

    public void Dispose()
    {
        _driver?.Dispose();
        _profile.Dispose();
    }

    private ChromeDriver Start()
    {
        string? chromium = Find("chromium") ?? Find("chromium-browser") ?? Find("google-chrome");
        string? chromedriver = Find("chromedriver");
        Assert.SkipWhen(chromium is null || chromedriver is null, "Needs Chromium and its driver (Debian: chromium, chromium-driver).");
        ChromeOptions options = new() { BinaryLocation = chromium };
        options.AddArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--hide-scrollbars", "--user-data-dir=" + _profile.Root);
        options.SetLoggingPreference(LogType.Browser, OpenQA.Selenium.LogLevel.All);
        options.SetLoggingPreference("performance", OpenQA.Selenium.LogLevel.All);
        ChromeDriverService service = ChromeDriverService.CreateDefaultService(Path.GetDirectoryName(chromedriver), Path.GetFileName(chromedriver));
        return new ChromeDriver(service, options, TimeSpan.FromMinutes(2));
    }

    private static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(directory => Path.Combine(directory, OperatingSystem.IsWindows() ? program + ".exe" : program))
        .FirstOrDefault(File.Exists);
}
