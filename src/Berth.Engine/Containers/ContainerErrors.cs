namespace Berth.Engine.Containers;

/// <summary>Failures of containers and execs, spelled as Docker spells them: clients match these texts.</summary>
public static class ContainerErrors
{
    public static EngineException NoSuchContainer(string nameOrId) => new(ErrorKind.NotFound, $"No such container: {nameOrId}");

    public static EngineException AmbiguousPrefix(string prefix) =>
        new(ErrorKind.InvalidParameter, $"multiple IDs found with provided prefix: {prefix}");

    public static EngineException NameInUse(string name, string id) => new(
        ErrorKind.Conflict,
        $"Conflict. The container name \"/{name}\" is already in use by container \"{id}\". "
        + "You have to remove (or rename) that container to be able to reuse that name.");

    public static EngineException InvalidName(string name) =>
        new(ErrorKind.InvalidParameter, $"Invalid container name ({name}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed");

    public static EngineException Invalid(string message) => new(ErrorKind.InvalidParameter, message);

    /// <summary>What is asked for is so already.</summary>
    public static EngineException NotModified() => new(ErrorKind.NotModified, "");

    public static EngineException NotRunning(string id) => new(ErrorKind.Conflict, $"container {id} is not running");

    public static EngineException CannotKill(string name, string id) =>
        new(ErrorKind.Conflict, $"cannot kill container: {name}: container {id} is not running");

    public static EngineException StartPaused() => new(ErrorKind.Conflict, "cannot start a paused container, try unpause instead");

    public static EngineException StartRemoved() =>
        new(ErrorKind.Conflict, "container is marked for removal and cannot be started");

    public static EngineException Damaged(string reason) =>
        new(ErrorKind.Conflict, $"container is damaged: {reason}");

    public static EngineException AlreadyPaused(string id) => new(ErrorKind.Conflict, $"container {id} is already paused");

    public static EngineException NotPaused(string id) => new(ErrorKind.Conflict, $"container {id} is not paused");

    public static EngineException PausedBefore(string id, string what) =>
        new(ErrorKind.Conflict, $"container {id} is paused, unpause the container before {what}");

    public static EngineException Restarting(string id) =>
        new(ErrorKind.Conflict, $"container {id} is restarting, wait until the container is running");

    public static EngineException RemovalInProgress(string id) =>
        new(ErrorKind.Conflict, $"removal of container {id} is already in progress");

    public static EngineException RemoveRunning(ContainerStatus status) => new(
        ErrorKind.Conflict,
        status == ContainerStatus.Paused
            ? "container is paused and must be unpaused first"
            : $"container is {status.ToString().ToLowerInvariant()}: stop the container before removing or force remove");

    public static EngineException CannotRemove(string name, EngineException cause) =>
        new(cause.Kind, $"cannot remove container \"/{name}\": {cause.Message}", cause);

    public static EngineException LogsUnreadable() =>
        new(ErrorKind.NotImplemented, "configured logging driver does not support reading");

    public static EngineException NoSuchExec(string id) => new(ErrorKind.NotFound, $"No such exec instance: {id}");

    public static EngineException NoSuchFile(string path, string container) =>
        new(ErrorKind.NotFound, $"Could not find the file {path} in container {container}");

    public static EngineException UnknownUser(string user) =>
        new(ErrorKind.InvalidParameter, $"unable to find user {user}: no matching entries in passwd file");

    public static EngineException UnknownGroup(string group) =>
        new(ErrorKind.InvalidParameter, $"unable to find group {group}: no matching entries in group file");

    public static EngineException BindSourceMissing(string source) => Invalid(
        $"invalid mount config for type \"bind\": bind source path does not exist: {source}");
}
