namespace Berth.Linux.Seccomp;

/// <summary>The code for one call's number: its rules one after the other, each tested by its conditions.</summary>
internal static class FilterConditions
{
    /// <summary>Where an instruction of a condition leads, from itself: to the end of the condition or of the rule.</summary>
    private readonly record struct Targets(int Holds, int Fails);

    private delegate ulong Step(Targets to);

    internal static IReadOnlyList<ulong> Build(IReadOnlyList<SeccompRule> rules, SeccompAction otherwise, SeccompArchitecture architecture)
    {
        var code = new List<ulong>();
        foreach (var rule in rules)
        {
            AddRule(code, rule, is64: architecture is SeccompArchitecture.X64 or SeccompArchitecture.Arm64);
            if (rule.Conditions.Count == 0)
            {
                return code;
            }
        }

        code.Add(FilterInstruction.Return(otherwise));
        return code;
    }

    private static void AddRule(List<ulong> code, SeccompRule rule, bool is64)
    {
        var conditions = rule.Conditions.Select(c => Steps(c, is64)).ToList();
        var left = conditions.Sum(c => c.Count);
        foreach (var steps in conditions)
        {
            for (var i = 0; i < steps.Count; i++, left--)
            {
                code.Add(steps[i](new Targets(steps.Count - i - 1, left)));
            }
        }

        code.Add(FilterInstruction.Return(rule.Action));
    }

    // A filter's words have 32 bits, so of 64 the upper half is compared first. On an architecture of 32 bits it is always 0.
    private static List<Step> Steps(SeccompCondition condition, bool is64)
    {
        var (mask, value) = condition.Comparison == SeccompComparison.MaskedEqual
            ? (condition.Value, condition.SecondValue)
            : (ulong.MaxValue, condition.Value);
        var steps = new List<Step>();
        if (is64)
        {
            AddLoad(steps, condition.Argument, high: true, (uint)(mask >> 32));
            AddUpper(steps, condition.Comparison, (uint)(value >> 32));
        }

        AddLoad(steps, condition.Argument, high: false, (uint)mask);
        AddLower(steps, condition.Comparison, (uint)value);
        return steps;
    }

    private static void AddLoad(List<Step> steps, int argument, bool high, uint mask)
    {
        steps.Add(_ => FilterInstruction.LoadArgument(argument, high));
        if (mask != uint.MaxValue)
        {
            steps.Add(_ => FilterInstruction.And(mask));
        }
    }

    // Equal halves leave the decision to the lower ones; that is the way straight on.
    private static void AddUpper(List<Step> steps, SeccompComparison comparison, uint value)
    {
        switch (comparison)
        {
            case SeccompComparison.Equal or SeccompComparison.MaskedEqual:
                steps.Add(to => FilterInstruction.JumpIfEqual(value, 0, to.Fails));
                break;
            case SeccompComparison.NotEqual:
                steps.Add(to => FilterInstruction.JumpIfEqual(value, 0, to.Holds));
                break;
            case SeccompComparison.Greater or SeccompComparison.GreaterOrEqual:
                steps.Add(to => FilterInstruction.JumpIfGreater(value, to.Holds, 0));
                steps.Add(to => FilterInstruction.JumpIfEqual(value, 0, to.Fails));
                break;
            default:
                steps.Add(to => FilterInstruction.JumpIfGreater(value, to.Fails, 0));
                steps.Add(to => FilterInstruction.JumpIfEqual(value, 0, to.Holds));
                break;
        }
    }

    private static void AddLower(List<Step> steps, SeccompComparison comparison, uint value) => steps.Add(comparison switch
    {
        SeccompComparison.NotEqual => to => FilterInstruction.JumpIfEqual(value, to.Fails, to.Holds),
        SeccompComparison.Less => to => FilterInstruction.JumpIfNotLess(value, to.Fails, to.Holds),
        SeccompComparison.LessOrEqual => to => FilterInstruction.JumpIfGreater(value, to.Fails, to.Holds),
        SeccompComparison.GreaterOrEqual => to => FilterInstruction.JumpIfNotLess(value, to.Holds, to.Fails),
        SeccompComparison.Greater => to => FilterInstruction.JumpIfGreater(value, to.Holds, to.Fails),
        _ => to => FilterInstruction.JumpIfEqual(value, to.Holds, to.Fails),
    });
}
