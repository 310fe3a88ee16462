using Berth.Api.Containers;
using Berth.Engine.Containers.HealthChecks;

namespace Berth.Engine.Tests.Containers;

public sealed class HealthPlanTests
{
    private static readonly DateTimeOffset _start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Nothing_is_checked_without_a_command() =>
        Assert.All(
            [null, new HealthConfig(), new HealthConfig { Test = [] }, new HealthConfig { Test = ["NONE"] }, new HealthConfig { Test = ["CMD"] }],
            health => Assert.Null(HealthPlan.Of(new ContainerConfig { Healthcheck = health })));

    [Fact]
    public void A_shell_command_is_given_to_the_containers_shell()
    {
        var health = new HealthConfig { Test = ["CMD-SHELL", "true"] };
        Assert.Equal(["/bin/sh", "-c", "true"], HealthPlan.Of(new ContainerConfig { Healthcheck = health })!.Command);
        Assert.Equal(["ash", "-c", "true"], HealthPlan.Of(new ContainerConfig { Healthcheck = health, Shell = ["ash", "-c"] })!.Command);
    }

    [Fact]
    public void It_is_unhealthy_after_as_many_failures_as_there_are_retries_and_healthy_after_one_success()
    {
        var plan = Plan(retries: 2);
        var state = plan.After(HealthState.Unknown, Probe(1, exitCode: 1), _start);
        Assert.Equal((HealthState.Starting, 1), (state.Status, state.FailingStreak));
        state = plan.After(state, Probe(2, exitCode: 1), _start);
        Assert.Equal((HealthState.Unhealthy, 2), (state.Status, state.FailingStreak));
        state = plan.After(state, Probe(3, exitCode: 0), _start);
        Assert.Equal((HealthState.Healthy, 0), (state.Status, state.FailingStreak));
    }

    [Fact]
    public void Failures_in_the_start_period_do_not_count_until_it_was_healthy_once()
    {
        var plan = Plan(retries: 1, startPeriod: 10);
        var state = plan.After(HealthState.Unknown, Probe(1, exitCode: 1), _start);
        Assert.Equal((HealthState.Starting, 0), (state.Status, state.FailingStreak));
        state = plan.After(plan.After(state, Probe(2, exitCode: 0), _start), Probe(3, exitCode: 1), _start);
        Assert.Equal((HealthState.Unhealthy, 1), (state.Status, state.FailingStreak));
    }

    [Fact]
    public void The_last_five_checks_are_kept()
    {
        var state = HealthState.Unknown;
        for (var i = 0; i < 7; i++)
        {
            state = Plan(retries: 100).After(state, Probe(i, exitCode: i), _start);
        }

        Assert.Equal([2, 3, 4, 5, 6], state.Log.Select(p => p.ExitCode));
    }

    [Fact]
    public void In_the_start_period_the_start_interval_holds_until_it_is_healthy()
    {
        var plan = Plan(retries: 1, startPeriod: 10);
        Assert.Equal(TimeSpan.FromSeconds(1), plan.Wait(HealthState.Unknown, TimeSpan.FromSeconds(9)));
        Assert.Equal(TimeSpan.FromSeconds(30), plan.Wait(HealthState.Unknown, TimeSpan.FromSeconds(10)));
        Assert.Equal(TimeSpan.FromSeconds(30), plan.Wait(plan.After(HealthState.Unknown, Probe(0, 0), _start), TimeSpan.FromSeconds(1)));
    }

    private static HealthPlan Plan(int retries, int startPeriod = 0) => HealthPlan.Of(new ContainerConfig
    {
        Healthcheck = new HealthConfig
        {
            Test = ["CMD", "true"],
            Retries = retries,
            StartPeriod = startPeriod * 1_000_000_000L,
            StartInterval = 1_000_000_000,
        },
    })!;

    private static HealthProbe Probe(int second, int exitCode) => new(_start.AddSeconds(second), _start.AddSeconds(second), exitCode, "");
}
