using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Berth.Linux.Tests")]
