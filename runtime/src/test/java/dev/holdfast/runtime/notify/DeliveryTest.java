package dev.holdfast.runtime.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.runtime.notify.channel.Channel;
import dev.holdfast.runtime.notify.channel.Letter;
import dev.holdfast.runtime.notify.channel.UndeliveredException;
import dev.holdfast.runtime.notify.journal.Entry;
import dev.holdfast.runtime.notify.journal.Journal;
import dev.holdfast.runtime.notify.journal.Unread;
import dev.holdfast.runtime.time.VirtualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One channel, fed from a journal on disk, step by step in virtual time. */
class DeliveryTest {

    @TempDir
    Path folder;

    private final VirtualTime time = VirtualTime.turningItself();
    private final Receiver receiver = new Receiver();
    private final Desk desk = new Desk();
    private volatile boolean lacksMemory;
    private boolean isForPeople;
    private String address = "test:1";
    private long millis = 1_800_000_000_000L;
    private Journal journal;
    private Delivery delivery;

    /** Takes letters, unless it is away or does not like one. */
    private static final class Receiver implements Channel {
        final List<Letter> got = new ArrayList<>();
        boolean away;
        String refuses = "nothing";
        int refusals;

        @Override
        public int most() {
            return 4;
        }

        @Override
        public void send(List<Letter> letters) throws IOException {
            for (int i = 0; i < letters.size(); i++) {
                if (away) {
                    throw new IOException("away");
                }
                if (letters.get(i).id().equals(refuses)) {
                    refusals++;
                    throw UndeliveredException.forGood("too large", i);
                }
                got.add(letters.get(i));
            }
        }

        @Override
        public void close() {
            // nothing
        }

        List<String> ids() {
            return got.stream().map(Letter::id).toList();
        }
    }

    private static final class Desk implements Delivery.Desk {
        final List<String> told = new ArrayList<>();
        boolean full;

        @Override
        public String application() {
            return "shop";
        }

        private void needRoom() throws IOException {
            if (full) {
                throw new IOException("no room");
            }
        }

        @Override
        public void bury(Entry entry, String channel, String why) throws IOException {
            needRoom();
            told.add(channel + " refused " + entry.number() + ": " + why);
        }

        @Override
        public void tellDropped(List<String> channels, long count) throws IOException {
            needRoom();
            told.add(channels + " lost " + count);
        }
    }

    private final class Untold extends OutOfMemoryError {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            if (lacksMemory) {
                throw new OutOfMemoryError("for a message, too");
            }
            return "none";
        }
    }

    private final class Ways implements Delivery.Ways {
        @Override
        public String of(String name) {
            if (lacksMemory) {
                throw new Untold();
            }
            return address;
        }

        @Override
        public Delivery.Opened open(String name, String uri) {
            return new Delivery.Opened(receiver, isForPeople);
        }

        @Override
        public long digestMillis() {
            return 300_000;
        }
    }

    @BeforeEach
    void open() throws IOException {
        journal = new Journal(folder, 64 << 20);
        delivery = delivery(journal.reader("ops"));
    }

    private Delivery delivery(Unread reader) {
        return new Delivery(
                "ops", desk, reader, new Ways(), new Kinds(folder, "ops"), time, () -> millis, bound -> bound - 1);
    }

    @AfterEach
    void close() throws IOException {
        journal.close();
    }

    private void append(String id, String kind) throws IOException {
        journal.append(
                millis,
                List.of("ops"),
                "",
                "{\"id\":\"" + id + "\",\"subject\":\"Quotes#quote\",\"data\":{\"fingerprint\":\"" + kind
                        + "\",\"failure\":\"IOException\",\"count\":1}}");
    }

    /** Steps until it rests, and gives for how long it wants to. */
    private long untilItRests() {
        long wait = delivery.step();
        while (wait == 0) {
            wait = delivery.step();
        }
        return wait;
    }

    private void sleep(long nanos) throws InterruptedException {
        time.sleep(nanos);
        millis += TimeUnit.NANOSECONDS.toMillis(nanos);
    }

    @Test
    void hands_over_everything_in_order_and_is_done() throws IOException {
        for (int i = 1; i <= 10; i++) {
            append("e" + i, "k");
        }
        assertThat(untilItRests()).isEqualTo(Delivery.FOREVER);
        assertThat(receiver.ids()).containsExactly("e1", "e2", "e3", "e4", "e5", "e6", "e7", "e8", "e9", "e10");
        assertThat(journal.isDone()).isTrue();
    }

    @Test
    void keeps_all_while_the_receiver_is_away_and_begins_where_it_was() throws Exception {
        append("e1", "k");
        append("e2", "k");
        receiver.away = true;
        assertThat(untilItRests()).isEqualTo(TimeUnit.SECONDS.toNanos(1));
        sleep(TimeUnit.SECONDS.toNanos(1));
        assertThat(untilItRests()).isEqualTo(TimeUnit.SECONDS.toNanos(2));
        assertThat(delivery.rests()).isTrue();
        assertThat(journal.isDone()).isFalse();

        receiver.away = false;
        assertThat(untilItRests()).as("still waiting").isEqualTo(TimeUnit.SECONDS.toNanos(2));
        sleep(TimeUnit.SECONDS.toNanos(2));
        assertThat(untilItRests()).isEqualTo(Delivery.FOREVER);
        assertThat(receiver.ids()).containsExactly("e1", "e2");
        assertThat(journal.isDone()).isTrue();
    }

    @Test
    void buries_what_is_refused_for_good_and_goes_on() throws IOException {
        for (int i = 1; i <= 4; i++) {
            append("e" + i, "k");
        }
        receiver.refuses = "e3";
        untilItRests();
        assertThat(receiver.ids()).containsExactly("e1", "e2", "e4");
        assertThat(desk.told).containsExactly("ops refused 3: too large");
        assertThat(journal.isDone()).isTrue();
    }

    /** Those before it were sent again and again, every five seconds. */
    @Test
    void sends_nothing_twice_where_there_is_no_room_for_what_is_refused() throws IOException {
        for (int i = 1; i <= 4; i++) {
            append("e" + i, "k");
        }
        receiver.refuses = "e3";
        desk.full = true;
        for (int i = 0; i < 3; i++) {
            assertThat(untilItRests()).isPositive();
            assertThat(receiver.ids()).containsExactly("e1", "e2");
            assertThat(receiver.refusals).isEqualTo(1);
        }
        desk.full = false;
        untilItRests();
        assertThat(receiver.ids()).containsExactly("e1", "e2", "e4");
        assertThat(desk.told).containsExactly("ops refused 3: too large");
        assertThat(journal.isDone()).isTrue();
    }

    /** Nothing was handed over before that was told, and so nothing made room to tell it. */
    @Test
    void hands_over_what_there_is_where_there_is_no_room_to_tell_what_is_lost() throws IOException {
        try (Journal small = new Journal(Files.createDirectory(folder.resolve("small")), 1)) {
            delivery = delivery(small.reader("ops"));
            String large = "x".repeat(1 << 20);
            for (int i = 1; i <= 3; i++) {
                small.append(
                        millis, List.of("ops"), "", "{\"id\":\"e" + i + "\",\"data\":{\"message\":\"" + large + "\"}}");
            }
            desk.full = true;
            untilItRests();
            assertThat(receiver.ids()).containsExactly("e3");
            assertThat(small.isDone()).isTrue();
            desk.full = false;
            untilItRests();
            assertThat(desk.told).containsExactly("[ops] lost 2");
        }
    }

    @Test
    void tries_at_once_where_the_address_has_changed() throws IOException {
        append("e1", "k");
        receiver.away = true;
        untilItRests();
        receiver.away = false;
        address = "test:2";
        assertThat(untilItRests()).isEqualTo(Delivery.FOREVER);
        assertThat(receiver.ids()).containsExactly("e1");
    }

    /** The thread ended with the second error, and the channel with it. */
    @Test
    void goes_on_where_there_was_not_even_the_memory_to_tell_of_what_went_wrong() throws Exception {
        append("e1", "k");
        lacksMemory = true;
        Thread thread = new Thread(delivery);
        thread.setDaemon(true);
        thread.start();
        await().until(() -> thread.getState() == Thread.State.TIMED_WAITING || !thread.isAlive());
        lacksMemory = false;
        await().until(() -> {
            delivery.signal();
            return journal.isDone();
        });
        delivery.end();
        delivery.signal();
        thread.join();
        assertThat(receiver.ids()).containsExactly("e1");
    }

    @Test
    void tells_people_the_first_at_once_and_the_others_after_the_interval() throws Exception {
        isForPeople = true;
        append("e1", "k");
        append("e2", "k");
        append("e3", "k");
        long wait = untilItRests();
        assertThat(wait).isEqualTo(TimeUnit.MINUTES.toNanos(5));
        assertThat(receiver.ids()).containsExactly("e1");
        assertThat(receiver.got.get(0).title()).isEqualTo("[shop] ERROR Quotes#quote: IOException");
        assertThat(journal.isDone()).as("a kill now must not lose the two").isFalse();

        sleep(wait);
        assertThat(untilItRests()).isEqualTo(Delivery.FOREVER);
        assertThat(receiver.ids()).containsExactly("e1", "digest-e2");
        assertThat(receiver.got.get(1).title()).isEqualTo("[shop] 2 more failures");
        assertThat(journal.isDone()).isTrue();
    }

    /** They were in no batch, and were done with the next event that the webhook took. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void hands_over_what_waits_for_people_where_a_machine_is_told_instead(boolean isAway) throws Exception {
        isForPeople = true;
        receiver.away = isAway;
        append("e1", "k");
        append("e2", "k");
        append("e3", "k");
        untilItRests();
        assertThat(receiver.ids()).hasSize(isAway ? 0 : 1);

        receiver.away = false;
        isForPeople = false;
        address = "test:2";
        append("e4", "k");
        assertThat(untilItRests()).isEqualTo(Delivery.FOREVER);
        assertThat(receiver.ids()).containsExactly("e1", "e2", "e3", "e4");
        assertThat(journal.isDone()).isTrue();
        isForPeople = true;
        address = "test:3";
        assertThat(untilItRests()).as("no digest is left").isEqualTo(Delivery.FOREVER);
    }

    @Test
    void tells_people_once_more_what_did_not_get_through() throws Exception {
        isForPeople = true;
        receiver.away = true;
        append("e1", "k");
        untilItRests();
        append("e2", "k");
        receiver.away = false;
        sleep(TimeUnit.SECONDS.toNanos(1));
        untilItRests();
        assertThat(receiver.ids()).containsExactly("e1");
        sleep(TimeUnit.MINUTES.toNanos(5));
        untilItRests();
        assertThat(receiver.ids()).containsExactly("e1", "digest-e2");
    }

    @Test
    void keeps_the_last_of_each_kind_of_a_digest_that_is_refused() throws Exception {
        isForPeople = true;
        receiver.refuses = "digest-e2";
        append("e1", "k");
        append("e2", "k");
        append("e3", "k");
        long wait = untilItRests();
        assertThat(desk.told).isEmpty();
        sleep(wait);
        assertThat(untilItRests()).isEqualTo(Delivery.FOREVER);
        assertThat(desk.told).containsExactly("ops refused 3: too large, with a digest of 2 more failures");
        assertThat(journal.isDone()).isTrue();
    }
}
