namespace Microsoft.Build.Framework;

/// <summary>
/// Tells a multithreaded build (<c>-mt</c>) that a task needs no process of its own. MSBuild looks for the attribute by its
/// full name, so this copy works on engines that have it and loads on those that do not. It is not inherited.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
internal sealed class MSBuildMultiThreadableTaskAttribute : Attribute;
