using System.Text.Json.Serialization;

namespace Berth.Api.Images;

/// <summary>How the records of images are read and written.</summary>
[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(IReadOnlyList<ImageSummary>))]
[JsonSerializable(typeof(ImageInspect))]
[JsonSerializable(typeof(IReadOnlyList<ImageHistoryItem>))]
[JsonSerializable(typeof(IReadOnlyList<ImageDeleteItem>))]
[JsonSerializable(typeof(PruneImagesResponse))]
[JsonSerializable(typeof(ProgressMessage))]
public sealed partial class ImageJson : JsonSerializerContext;
