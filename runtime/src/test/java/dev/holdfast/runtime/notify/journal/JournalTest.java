package dev.holdfast.runtime.notify.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {

    private static final long MUCH = 1 << 30;

    @TempDir
    Path folder;

    @Test
    void gives_each_channel_its_own_events_in_order_and_once() throws IOException {
        try (Journal journal = new Journal(folder, MUCH)) {
            Journal.Reader a = journal.reader("a");
            Journal.Reader b = journal.reader("b");
            append(journal, "1", "a", "b");
            append(journal, "2", "b");
            append(journal, "3", "a");
            assertThat(events(a.read(10))).containsExactly("1", "3");
            assertThat(events(a.read(10))).isEmpty();
            assertThat(events(b.read(1))).containsExactly("1");
            assertThat(events(b.read(10))).containsExactly("2");
            append(journal, "4", "a");
            assertThat(events(a.read(10))).containsExactly("4");
        }
    }

    @Test
    void leaves_to_the_next_process_what_was_not_handed_over() throws IOException {
        try (Journal journal = new Journal(folder, MUCH)) {
            Journal.Reader a = journal.reader("a");
            Journal.Reader b = journal.reader("b");
            append(journal, "1", "a", "b");
            append(journal, "2", "a", "b");
            append(journal, "3", "b");
            a.done(a.read(1).get(0).number());
            b.read(1);
        }
        List<Entry> left = left();
        assertThat(events(left)).containsExactly("1", "2", "3");
        assertThat(left).extracting(Entry::channels).containsExactly(List.of("b"), List.of("a", "b"), List.of("b"));
    }

    @Test
    void lets_go_of_files_that_every_channel_is_done_with() throws IOException {
        try (Journal journal = new Journal(folder, MUCH, 200, Disk.REAL)) {
            Journal.Reader a = journal.reader("a");
            Journal.Reader b = journal.reader("b");
            for (int i = 0; i < 100; i++) {
                append(journal, "event " + i, "a");
            }
            assertThat(files()).hasSizeGreaterThan(10);
            List<Entry> read = a.read(1_000);
            assertThat(events(read)).hasSize(100);
            assertThat(events(b.read(10))).isEmpty(); // what is not for it does not keep files
            a.done(read.get(98).number());
            assertThat(files()).hasSizeLessThan(3);
            assertThat(journal.isDone()).isFalse();
            a.done(read.get(99).number());
            assertThat(journal.isDone()).isTrue();
        }
        assertThat(left()).isEmpty();
    }

    @Test
    void keeps_files_while_an_event_that_was_read_is_not_handed_over() throws IOException {
        try (Journal journal = new Journal(folder, MUCH, 200, Disk.REAL)) {
            Journal.Reader a = journal.reader("a");
            append(journal, "first", "a");
            assertThat(a.read(10)).hasSize(1);
            for (int i = 0; i < 20; i++) {
                append(journal, "event " + i, "nobody");
            }
            assertThat(a.read(10)).isEmpty();
        }
        assertThat(events(left())).contains("first");
    }

    @Test
    void drops_the_oldest_at_its_cap_and_tells_each_channel_how_many() throws IOException {
        try (Journal journal = new Journal(folder, 2_000, 500, Disk.REAL)) {
            Journal.Reader quick = journal.reader("quick");
            Journal.Reader slow = journal.reader("slow");
            Journal.Reader dead = journal.reader("dead");
            int taken = 0;
            List<Entry> inHand = List.of();
            for (int i = 0; i < 100; i++) {
                append(journal, "event " + i, "quick", "slow", "dead");
                List<Entry> read = quick.read(10);
                quick.done(read.get(0).number());
                taken += read.size();
                if (i == 3) {
                    inHand = slow.read(3);
                }
                assertThat(journal.bytes()).isLessThan(2_000 + 200);
            }
            assertThat(taken).isEqualTo(100);
            assertThat(quick.takeLost()).isZero();
            assertThat(inHand).hasSize(3);
            int slowRead = slow.read(1_000).size();
            assertThat(slow.takeLost() + slowRead + 3).isEqualTo(100);
            int deadRead = dead.read(1_000).size();
            assertThat(deadRead).isPositive();
            assertThat(dead.takeLost() + deadRead).isEqualTo(100);
            assertThat(dead.takeLost()).isZero();
        }
    }

    @Test
    void gives_once_more_what_is_not_done_and_counts_what_the_cap_has_taken_of_that() throws IOException {
        try (Journal journal = new Journal(folder, 1_000, 1, Disk.REAL)) {
            Journal.Reader a = journal.reader("a");
            for (int i = 1; i <= 5; i++) {
                append(journal, "event " + i, "a");
            }
            assertThat(a.read(2)).hasSize(2);
            a.done(1);
            a.rewind();
            assertThat(events(a.read(10))).containsExactly("event 2", "event 3", "event 4", "event 5");
            assertThat(a.takeLost()).isZero();
            for (int i = 6; i <= 100; i++) {
                append(journal, "event " + i, "a");
            }
            a.rewind();
            int there = a.read(1_000).size();
            assertThat(there).isPositive();
            assertThat(a.takeLost() + there).isEqualTo(99);
            a.done(100);
            a.rewind();
            assertThat(a.read(10)).isEmpty();
            assertThat(a.takeLost()).isZero();
        }
    }

    @Test
    void counts_what_its_cap_costs_also_where_nobody_reads() throws IOException {
        try (Journal journal = new Journal(folder, 2_000, 500, Disk.REAL)) {
            for (int i = 0; i < 100; i++) {
                append(journal, "event " + i, "dead");
            }
            long lost = journal.takeLostUnread();
            assertThat(lost).isPositive();
            assertThat(journal.takeLostUnread()).isZero();
            assertThat(lost + left().size()).isEqualTo(100);
        }
    }

    @Test
    void refuses_what_does_not_fit_on_the_disk_and_goes_on_when_there_is_room() throws IOException {
        SmallDisk disk = new SmallDisk();
        try (Journal journal = new Journal(folder, MUCH, 1_000, disk)) {
            Journal.Reader a = journal.reader("a");
            List<String> taken = new ArrayList<>();
            int refused = 0;
            for (int i = 0; i < 200; i++) {
                disk.room = i % 7 == 0 ? i % 40 : MUCH; // any number of bytes of the record may still be written
                try {
                    append(journal, "event " + i, "a");
                    taken.add("event " + i);
                } catch (IOException full) {
                    assertThat(full).hasMessageContaining("no room");
                    refused++;
                }
            }
            assertThat(refused).isGreaterThan(20);
            assertThat(events(a.read(1_000))).isEqualTo(taken);
        }
        LeftJournal left = new LeftJournal(folder);
        List<Entry> entries = new ArrayList<>();
        left.read(entries::add);
        assertThat(entries).hasSize(200 - 29);
        assertThat(left.damaged()).isZero();
    }

    @Test
    void goes_on_where_somebody_deletes_its_files() throws IOException {
        ProcessFolder.Claimed claimed = ProcessFolder.claim(folder, "shop", "001-1");
        Path own = claimed.own().path();
        try (Journal journal = new Journal(own, claimed.own(), MUCH)) {
            Journal.Reader a = journal.reader("a");
            append(journal, "1", "a");
            append(journal, "2", "a");
            a.done(a.read(1).get(0).number());
            claimed.own().delete(); // lets go of the lock as well, which a cleaner cannot
            append(journal, "3", "a");
            append(journal, "4", "a");
            assertThat(events(a.read(10)))
                    .as("also what is in no folder any more")
                    .containsExactly("2", "3", "4");
            assertThat(ProcessFolder.tryLock(own)).as("it is locked again").isNull();
            a.done(3);
        }
        List<String> left = new ArrayList<>();
        new LeftJournal(own).read(entry -> left.add(entry.event()));
        assertThat(left).containsExactly("4");
        claimed.own().close();
    }

    @Test
    void begins_another_file_behind_one_that_cannot_be_mended() throws IOException {
        SmallDisk disk = new SmallDisk();
        disk.truncates = false;
        try (Journal journal = new Journal(folder, MUCH, 100_000, disk)) {
            Journal.Reader a = journal.reader("a");
            append(journal, "1", "a");
            disk.room = 10;
            assertThatThrownBy(() -> append(journal, "lost", "a")).isInstanceOf(IOException.class);
            disk.room = MUCH;
            append(journal, "2", "a");
            assertThat(events(a.read(10))).containsExactly("1", "2");
            assertThat(files()).hasSize(2);
        }
        LeftJournal left = new LeftJournal(folder);
        List<Entry> entries = new ArrayList<>();
        left.read(entries::add);
        assertThat(events(entries)).containsExactly("1", "2");
        // What is half written there was refused, as the numbers tell.
        assertThat(left.damaged()).isZero();
    }

    @Test
    void begins_another_file_in_place_of_one_that_holds_nothing_but_the_half_of_a_record() throws IOException {
        SmallDisk disk = new SmallDisk();
        disk.truncates = false;
        disk.room = 10;
        try (Journal journal = new Journal(folder, MUCH, 100_000, disk)) {
            Journal.Reader a = journal.reader("a");
            assertThatThrownBy(() -> append(journal, "lost", "a")).isInstanceOf(IOException.class);
            disk.room = MUCH;
            append(journal, "1", "a");
            assertThat(events(a.read(10))).containsExactly("1");
            assertThat(files()).hasSize(1);
        }
        assertThat(events(left())).containsExactly("1");
    }

    /** It was dead for good: the file had been made, and its name was taken for each later try. */
    @Test
    void goes_on_where_the_full_file_cannot_be_forced_and_tells_who_wants_that() throws IOException {
        SmallDisk disk = new SmallDisk();
        try (Journal journal = new Journal(folder, MUCH, 1, disk)) {
            append(journal, "1", "a");
            disk.forces = false;
            append(journal, "2", "a");
            append(journal, "3", "a");
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(journal::force)
                        .as("not forced once is not forced")
                        .hasMessage("no forcing");
            }
            disk.forces = true;
            disk.forced.clear();
            journal.force();
            assertThat(disk.forced).hasSize(3);
            journal.force();
            assertThat(disk.forced).hasSize(3);
        }
        assertThat(events(left())).containsExactly("1", "2", "3");
    }

    @Test
    void goes_on_after_a_file_that_could_be_written_and_not_read() throws IOException {
        boolean[] isUnreadable = {true};
        Disk disk = file -> {
            Disk.Out out = Disk.REAL.create(file);
            if (isUnreadable[0]) {
                Files.move(file, file.resolveSibling("elsewhere")); // as where no more files can be opened
                Files.createDirectory(file);
            }
            return out;
        };
        try (Journal journal = new Journal(folder, MUCH, 1_000, disk)) {
            assertThatThrownBy(() -> append(journal, "lost", "a")).isInstanceOf(IOException.class);
            isUnreadable[0] = false;
            append(journal, "1", "a");
        }
        assertThat(events(left())).containsExactly("1");
    }

    @Test
    void counts_what_is_damaged_wherever_a_journal_is_cut() throws IOException {
        int count = 12;
        write(count);
        Path last = files().get(files().size() - 1);
        byte[] whole = Files.readAllBytes(last);
        long before = Long.parseLong(last.getFileName().toString().replaceAll("\\D", "")) - 1;
        for (int cut = 0; cut < whole.length; cut++) {
            Files.write(last, Arrays.copyOf(whole, cut));
            LeftJournal left = new LeftJournal(folder);
            List<Entry> entries = new ArrayList<>();
            left.read(entries::add);
            assertThat(entries).as("cut at %d", cut).hasSizeGreaterThanOrEqualTo((int) before);
            assertThat(entries).extracting(Entry::number).isSorted().doesNotHaveDuplicates();
            boolean between =
                    entries.size() == before ? cut == 0 : lengthOf(whole, entries.size() - (int) before) == cut;
            assertThat(left.damaged()).as("cut at %d", cut).isEqualTo(between ? 0 : 1);
        }
    }

    @Test
    void counts_what_is_damaged_wherever_a_byte_is_flipped() throws IOException {
        int count = 12;
        write(count);
        List<Path> files = files();
        assertThat(files).hasSizeGreaterThan(2);
        for (Path file : files) {
            byte[] whole = Files.readAllBytes(file);
            for (int at = 0; at < whole.length; at++) {
                byte[] flipped = whole.clone();
                flipped[at] ^= (byte) 0xFF;
                Files.write(file, flipped);
                LeftJournal left = new LeftJournal(folder);
                List<Entry> entries = new ArrayList<>();
                left.read(entries::add);
                assertThat(entries.size() + left.damaged())
                        .as("%s at %d", file, at)
                        .isEqualTo(count);
                assertThat(left.damaged()).as("%s at %d", file, at).isEqualTo(1);
                assertThat(left.damagedFiles()).containsExactly(file);
            }
            Files.write(file, whole);
        }
    }

    private void write(int count) throws IOException {
        try (Journal journal = new Journal(folder, MUCH, 200, Disk.REAL)) {
            for (int i = 1; i <= count; i++) {
                append(journal, "event " + i, "a");
            }
        }
    }

    /** Length of the first records of a file. */
    private static int lengthOf(byte[] file, int records) {
        ByteBuffer bytes = ByteBuffer.wrap(file);
        Records.Scanner scanner = new Records.Scanner(bytes);
        for (int i = 0; i < records; i++) {
            assertThat(scanner.next()).isNotNull();
        }
        return bytes.position();
    }

    private List<Entry> left() throws IOException {
        List<Entry> entries = new ArrayList<>();
        LeftJournal left = new LeftJournal(folder);
        left.read(entries::add);
        assertThat(left.damaged()).isZero();
        return entries;
    }

    private static void append(Journal journal, String event, String... channels) throws IOException {
        journal.append(1_000, List.of(channels), "", event);
    }

    private static List<String> events(List<Entry> entries) {
        return entries.stream().map(Entry::event).toList();
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> file.toString().endsWith(".log")).sorted().toList();
        }
    }

    /** A disk with so much room; counts only what is written while there is little. */
    private static final class SmallDisk implements Disk {

        long room = MUCH;
        boolean truncates = true;
        boolean forces = true;
        final List<Path> forced = new ArrayList<>();

        @Override
        public Out create(Path file) throws IOException {
            Out real = Disk.REAL.create(file);
            return new Out() {
                @Override
                public int write(ByteBuffer bytes) throws IOException {
                    if (room == 0) {
                        throw new IOException("no room");
                    }
                    int count = (int) Math.min(Math.min(room, 5), bytes.remaining());
                    real.write(bytes.slice(bytes.position(), count));
                    bytes.position(bytes.position() + count);
                    room -= count;
                    return count;
                }

                @Override
                public void truncate(long length) throws IOException {
                    if (!truncates) {
                        throw new IOException("no truncating either");
                    }
                    real.truncate(length);
                }

                @Override
                public void force() throws IOException {
                    if (!forces) {
                        throw new IOException("no forcing");
                    }
                    forced.add(file);
                    real.force();
                }

                @Override
                public void close() throws IOException {
                    real.close();
                }
            };
        }
    }
}
