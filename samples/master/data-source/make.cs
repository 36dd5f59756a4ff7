// Makes the MetaTrader 5 form of vega-datasets' sp500-2000.csv, the same bytes on every machine:
//   dotnet run make.cs -- <sp500-2000.csv> [folder, by default this one]
// Where the file comes from and what was changed: README.md.
#:property PublishAot=false
#:property InvariantGlobalization=true

using System.Globalization;
using System.Text;

if (args.Length is < 1 or > 2)
{
    Console.Error.WriteLine("usage: dotnet run make.cs -- <sp500-2000.csv> [folder]");
    return 64;
}
var culture = CultureInfo.InvariantCulture;
var lines = File.ReadAllLines(args[0]);
if (lines[0] != "date,open,high,low,close,adjclose,volume")
{
    Console.Error.WriteLine($"error: unexpected header '{lines[0]}'");
    return 65;
}

var text = new StringBuilder("<DATE>\t<TIME>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<TICKVOL>\t<VOL>\t<SPREAD>\r\n");
DateOnly first = default, last = default;
foreach (var line in lines.Skip(1))
{
    var f = line.Split(',');
    last = DateOnly.ParseExact(f[0], "yyyy-MM-dd", culture);
    if (first == default)
        first = last;
    text.Append(culture, $"{last:yyyy.MM.dd}\t00:00:00\t{Price(f[1])}\t{Price(f[2])}\t{Price(f[3])}\t{Price(f[4])}\t0\t{long.Parse(f[6], culture)}\t0\r\n");
}
var name = string.Create(culture, $"SP500_D1_{first:yyyyMMdd}0000_{last:yyyyMMdd}0000.csv");
var folder = args.Length == 2 ? args[1] : Path.GetDirectoryName((string)AppContext.GetData("EntryPointFilePath")!)!;
File.WriteAllBytes(Path.Combine(folder, name), Encoding.ASCII.GetBytes(text.ToString()));
Console.WriteLine($"{name}: {lines.Length - 1} bars");
return 0;

// The index is quoted with two decimals; the source's six are what a 32-bit float made of them (1438.359985 was 1438.36).
string Price(string source) => Math.Round(decimal.Parse(source, culture), 2).ToString("0.00", culture);
