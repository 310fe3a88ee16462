namespace Berth.Linux.Terminals;

/// <summary>The descriptors that every program starts with.</summary>
public enum StandardDescriptor
{
    Input = 0,
    Output = 1,
    Error = 2,
}
