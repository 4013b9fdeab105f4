package dev.holdfast.runtime.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class VirtualTimeTest {

    private final List<String> told = new ArrayList<>();

    @Test
    void runs_tasks_in_the_order_of_their_times_and_each_at_its_own() {
        VirtualTime time = VirtualTime.turnedByHand();
        time.schedule(30, () -> told.add("c" + time.elapsed()));
        time.schedule(10, () -> told.add("a" + time.elapsed()));
        time.schedule(20, () -> time.schedule(5, () -> told.add("b" + time.elapsed())));
        time.schedule(15, () -> told.add("cancelled")).cancel();
        time.advance(29);
        assertThat(told).containsExactly("a10", "b25");
        time.advance(1);
        assertThat(told).containsExactly("a10", "b25", "c30");
        assertThat(time.scheduledTasks()).isZero();
    }

    @Test
    void turns_itself_by_sleeping_until_a_task_interrupts_the_sleep() throws InterruptedException {
        VirtualTime time = VirtualTime.turningItself();
        long begun = time.nanoTime();
        time.sleep(40);
        assertThat(time.nanoTime() - begun).isEqualTo(40);
        time.schedule(5, Thread.currentThread()::interrupt);
        assertThatThrownBy(() -> time.sleep(40)).isInstanceOf(InterruptedException.class);
        assertThat(time.elapsed()).isEqualTo(45);
        assertThat(time.sleeps()).containsExactly(40L, 40L);
    }

    @Test
    void parks_a_sleeper_until_it_is_turned_by_hand() throws InterruptedException {
        VirtualTime time = VirtualTime.turnedByHand();
        Thread sleeper = new Thread(() -> {
            try {
                time.sleep(100);
                told.add("woke at " + time.elapsed());
            } catch (InterruptedException interrupted) {
                told.add("interrupted");
            }
        });
        sleeper.start();
        time.awaitSleepers(1);
        time.advance(99);
        assertThat(sleeper.isAlive()).isTrue();
        time.advance(1);
        sleeper.join();
        assertThat(told).containsExactly("woke at 100");
    }
}
