using System.Text.Json;
using System.Text.Json.Serialization;

namespace Berth.Cli.Options;

/// <summary>A seccomp profile, sent on as it is.</summary>
[JsonSerializable(typeof(JsonElement))]
sealed partial class ProfileJson : JsonSerializerContext;
