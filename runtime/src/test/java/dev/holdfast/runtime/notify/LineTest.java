package dev.holdfast.runtime.notify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.runtime.notify.channel.Channel;
import dev.holdfast.runtime.notify.channel.Letter;
import dev.holdfast.runtime.notify.channel.UndeliveredException;
import dev.holdfast.runtime.time.VirtualTime;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LineTest {

    private static final List<Letter> ONE = List.of(new Letter("1", "", "one"));
    private static final List<Letter> TWO = List.of(new Letter("1", "", "one"), new Letter("2", "", "two"));

    private final VirtualTime time = VirtualTime.turningItself();
    private final Scripted channel = new Scripted();

    /** As much chance as there can be. */
    private final Line line = new Line("ops", time, bound -> bound - 1);

    /** Fails as told, and then works. */
    private static class Scripted implements Channel {
        final Deque<IOException> failures = new ArrayDeque<>();
        int closed;

        @Override
        public int most() {
            return 10;
        }

        @Override
        public void send(List<Letter> letters) throws IOException {
            IOException failure = failures.poll();
            if (failure != null) {
                throw failure;
            }
        }

        @Override
        public void close() {
            closed++;
        }
    }

    @BeforeEach
    void use() {
        line.use(channel);
    }

    @Test
    void sends_many_at_once_without_a_wait() {
        assertThat(line.most()).isEqualTo(10);
        assertThat(line.send(TWO)).isEqualTo(new Line.Sent(2, null));
        assertThat(line.waitNanos()).isZero();
        assertThat(line.isDown()).isFalse();
    }

    @Test
    void waits_longer_after_each_failure_and_tries_one_letter_at_a_time() throws InterruptedException {
        List<Long> seconds = new ArrayList<>();
        for (int i = 0; i < 11; i++) {
            channel.failures.add(new IOException("away"));
            assertThat(line.send(ONE)).isEqualTo(new Line.Sent(0, null));
            assertThat(line.most()).isEqualTo(1);
            seconds.add(TimeUnit.NANOSECONDS.toSeconds(line.waitNanos()));
            time.sleep(line.waitNanos());
            assertThat(line.waitNanos()).isZero();
        }
        assertThat(seconds).containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 64L, 128L, 256L, 300L, 300L);
        assertThat(line.isDown()).isTrue();
        assertThat(line.send(ONE).delivered()).isEqualTo(1);
        assertThat(line.isDown()).isFalse();
        assertThat(line.most()).isEqualTo(10);
    }

    @Test
    void waits_as_long_as_the_receiver_asks() {
        channel.failures.add(UndeliveredException.forNow("busy", 1, Duration.ofSeconds(90)));
        assertThat(line.send(TWO)).isEqualTo(new Line.Sent(1, null));
        assertThat(line.waitNanos()).isEqualTo(TimeUnit.SECONDS.toNanos(90));
    }

    @Test
    void does_not_wait_where_a_letter_is_refused_for_good() {
        channel.failures.add(UndeliveredException.forGood("too large", 1));
        assertThat(line.send(TWO)).isEqualTo(new Line.Sent(1, "too large"));
        assertThat(line.waitNanos()).isZero();
        assertThat(line.isDown()).isFalse();
    }

    @Test
    void throws_away_a_connection_that_broke() {
        channel.failures.add(new IOException("reset"));
        line.send(ONE);
        assertThat(channel.closed).isEqualTo(1);
    }

    @Test
    void forgets_what_was_wrong_with_another_address() {
        channel.failures.add(new IOException("away"));
        line.send(ONE);
        line.use(new Scripted());
        assertThat(line.waitNanos()).isZero();
        assertThat(line.isDown()).isFalse();
    }

    @Test
    void survives_whatever_a_channel_throws() {
        line.use(new Channel() {
            @Override
            public void send(List<Letter> letters) {
                throw new NoClassDefFoundError("com/acme/Missing");
            }

            @Override
            public void close() {
                // nothing
            }
        });
        assertThat(line.send(ONE)).isEqualTo(new Line.Sent(0, null));
        assertThat(line.isDown()).isTrue();
    }

    /** A broker that has run out of memory reads no more, and writing to a socket has no time limit. */
    @Test
    void ends_what_hangs() throws InterruptedException {
        Scripted hanging = new Scripted() {
            @Override
            public void send(List<Letter> letters) throws IOException {
                try {
                    time.sleep(TimeUnit.MINUTES.toNanos(2));
                } catch (InterruptedException nobodyShould) {
                    throw new IOException(nobodyShould);
                }
                if (closed > 0) {
                    throw new IOException("closed under it");
                }
            }
        };
        line.use(hanging);
        assertThat(line.send(ONE)).isEqualTo(new Line.Sent(0, null));
        assertThat(line.isDown()).isTrue();

        Scripted quick = new Scripted();
        line.use(quick);
        line.send(ONE);
        time.sleep(TimeUnit.MINUTES.toNanos(5));
        assertThat(quick.closed).as("it is left alone once it has sent").isZero();
    }
}
