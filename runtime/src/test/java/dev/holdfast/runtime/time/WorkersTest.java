package dev.holdfast.runtime.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Work that blocks does not hold up other work, and short work needs few threads. */
@Timeout(60)
final class WorkersTest {

    private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(10);

    private final VirtualTime time = VirtualTime.turnedByHand();
    private final Workers workers = new Workers(2, time);

    @Test
    void adds_a_thread_at_each_look_that_finds_nothing_taken_up() throws InterruptedException {
        Semaphore begun = new Semaphore(0);
        CountDownLatch over = new CountDownLatch(1);
        for (int i = 0; i < 5; i++) {
            workers.execute(() -> {
                begun.release();
                awaitQuietly(over);
            });
        }
        begun.acquire(2);
        time.advance(LOOK); // may count what was taken up meanwhile as progress
        for (int more = 0; more < 3; more++) {
            time.advance(LOOK);
            begun.acquire();
        }
        over.countDown();
    }

    @Test
    void stays_with_its_threads_while_work_is_taken_up() throws InterruptedException {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        Semaphore turns = new Semaphore(0);
        Semaphore taken = new Semaphore(0);
        for (int i = 0; i < 9; i++) {
            workers.execute(() -> {
                threads.add(Thread.currentThread());
                taken.release();
                turns.acquireUninterruptibly();
            });
        }
        taken.acquire(2);
        for (int i = 0; i < 7; i++) {
            turns.release();
            taken.acquire(); // one is taken up between any two looks
            time.advance(LOOK);
        }
        turns.release(2);
        assertThat(threads).hasSize(2);
    }

    @Test
    void adds_threads_for_work_that_has_waited_long_although_others_are_taken_up() throws InterruptedException {
        Semaphore turns = new Semaphore(0);
        Semaphore taken = new Semaphore(0);
        for (int i = 0; i < 40; i++) {
            workers.execute(() -> {
                taken.release();
                turns.acquireUninterruptibly();
            });
        }
        taken.acquire(2);
        int looks = 0;
        do {
            turns.release();
            taken.acquire(); // progress
            time.advance(LOOK);
            looks++;
            assertThat(looks).isLessThan(30);
        } while (!taken.tryAcquire()); // a third one beside those two
        assertThat(looks).isGreaterThanOrEqualTo(10);
        turns.release(100);
    }

    @Test
    void does_later_what_the_system_gives_no_thread_for() throws InterruptedException {
        AtomicInteger refusals = new AtomicInteger(2 * Workers.MOST_THREADS);
        Workers reluctant = new Workers(2, time, task -> {
            if (refusals.decrementAndGet() >= 0) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            return DaemonThreads.unstarted("holdfast-worker", task);
        });
        Semaphore done = new Semaphore(0);
        reluctant.execute(done::release);
        while (refusals.get() > 0) {
            time.advance(LOOK);
        }
        assertThat(done.tryAcquire()).isFalse();
        time.advance(LOOK);
        done.acquire();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
