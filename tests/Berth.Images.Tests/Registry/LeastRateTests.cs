using Berth.Images.Registry;

namespace Berth.Images.Tests.Registry;

public sealed class LeastRateTests
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    private readonly LeastRate _rate = new(100, 10 * _second);

    [Fact]
    public void A_byte_now_and_then_is_too_little_once_the_window_is_over()
    {
        Wait(9, bytes: 1);
        Wait(1, bytes: 1, check: false);
        Assert.Equal("only 10 bytes in 10 s", Assert.Throws<TimeoutException>(_rate.Check).Message);
    }

    [Fact]
    public void What_came_in_one_window_does_not_pay_for_the_next()
    {
        Wait(10, bytes: 1_000_000);
        Wait(9, bytes: 1);
        Wait(1, bytes: 1, check: false);
        Assert.Throws<TimeoutException>(_rate.Check);
    }

    [Fact]
    public void Pauses_are_no_fault_where_enough_comes_on_average()
    {
        for (var i = 0; i < 5; i++)
        {
            Wait(9, bytes: 0);
            Wait(1, bytes: 1000);
        }
    }

    private void Wait(int seconds, int bytes, bool check = true)
    {
        for (var i = 0; i < seconds; i++)
        {
            _rate.Add(bytes, _second);
            if (check)
            {
                _rate.Check();
            }
        }
    }
}
