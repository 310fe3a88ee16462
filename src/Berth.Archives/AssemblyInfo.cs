using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Berth.Images.Tests")]
