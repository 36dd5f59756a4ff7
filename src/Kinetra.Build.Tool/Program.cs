using Kinetra.Build.Tool.CommandLine;

return KinetraCommand.Run(args);
