using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Berth.Engine.Tests")]
[assembly: InternalsVisibleTo("Berth.Runtime.Tests")]
