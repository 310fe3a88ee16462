namespace Berth.Cli.Templates;

/// <summary>What members of the API's Go structures are where the JSON leaves them out or says null: templates ask for them by name.</summary>
static class GoZero
{
    private static readonly object _list = new List<object?>();

    /// <returns>Null for a name that is in no structure.</returns>
    public static object? Of(string member) => member switch
    {
        "Health" or "Healthcheck" or "Init" or "SizeRw" or "SizeRootFs" or "StopTimeout" or "PidsLimit" or "MemorySwappiness"
            or "OomKillDisable" or "IPAMConfig" or "BindOptions" or "VolumeOptions" or "TmpfsOptions" or "ImageOptions" or "DriverConfig"
            or "ImageManifestDescriptor" or "Descriptor" or "Config" => JsonMap.Nothing,
        "Annotations" or "Labels" or "StorageOpt" or "Sysctls" or "Tmpfs" or "ExposedPorts" or "Volumes" or "PortBindings"
            or "Networks" or "Ports" or "DriverOpts" or "Options" => new EmptyMap(),
        "Binds" or "Cmd" or "Entrypoint" or "Env" or "OnBuild" or "Shell" or "ExecIDs" or "Mounts" or "CapAdd" or "CapDrop" or "Dns"
            or "DnsOptions" or "DnsSearch" or "ExtraHosts" or "GroupAdd" or "Links" or "SecurityOpt" or "VolumesFrom" or "Devices"
            or "DeviceRequests" or "DeviceCgroupRules" or "Ulimits" or "BlkioWeightDevice" or "BlkioDeviceReadBps"
            or "BlkioDeviceWriteBps" or "BlkioDeviceReadIOps" or "BlkioDeviceWriteIOps" or "Aliases" or "DNSNames" or "RepoTags"
            or "RepoDigests" or "SecondaryIPAddresses" or "SecondaryIPv6Addresses" or "MaskedPaths" or "ReadonlyPaths" => _list,
        "StopSignal" or "MacAddress" or "Variant" or "OsVersion" or "Driver" or "Type" or "Name" => "",
        "ArgsEscaped" or "NetworkDisabled" => false,
        "KernelMemory" or "KernelMemoryTCP" => 0L,
        _ => null,
    };

    private sealed class EmptyMap : TemplateObject
    {
        public override string GoType => "map[string]string";

        public override bool IsMap => true;

        public override bool TryGet(string field, out object? value)
        {
            value = "";
            return true;
        }

        public override void WriteJson(System.Text.Json.Utf8JsonWriter writer) => writer.WriteNullValue();
    }
}
