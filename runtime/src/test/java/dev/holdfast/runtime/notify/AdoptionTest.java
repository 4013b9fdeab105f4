package dev.holdfast.runtime.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.runtime.notify.journal.Entry;
import dev.holdfast.runtime.notify.journal.Journal;
import dev.holdfast.runtime.notify.journal.ProcessFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdoptionTest {

    @TempDir
    Path base;

    /** Has room for so many. */
    private static final class Heir implements Adoption.Heir {

        private final List<String> taken = new ArrayList<>();
        private long damaged;
        private int room;
        private boolean canForce = true;

        @Override
        public void take(Entry entry, Set<String> strange) throws IOException {
            add(entry.event());
            strange.addAll(entry.channels());
        }

        @Override
        public void takeDead(Entry entry) throws IOException {
            add("dead " + entry.event() + ": " + entry.note());
        }

        private void add(String what) throws IOException {
            if (taken.size() == room) {
                throw new IOException("full");
            }
            taken.add(what);
        }

        @Override
        public void tellDamaged(long count) {
            damaged += count;
        }

        @Override
        public void force() throws IOException {
            if (!canForce) {
                throw new IOException("full");
            }
        }
    }

    private ProcessFolder left() throws IOException {
        ProcessFolder folder = ProcessFolder.claim(base, "shop", "1").own();
        try (Journal events = new Journal(folder.path(), Long.MAX_VALUE);
                Journal dead = new Journal(folder.makeDead(), Long.MAX_VALUE)) {
            for (String event : List.of("a", "b", "c")) {
                events.append(1, List.of("mail"), "", event);
            }
            dead.append(1, List.of("chat"), "413", "d");
        }
        return folder;
    }

    @Test
    void goes_on_where_there_was_no_room_and_takes_nothing_twice() throws IOException {
        ProcessFolder folder = left();
        Adoption adoption = new Adoption(folder);
        Heir heir = new Heir();
        for (int room : new int[] {0, 2, 2, 3}) {
            heir.room = room;
            assertThatThrownBy(() -> adoption.carryOver(heir, () -> true)).hasMessage("full");
            assertThat(heir.taken).hasSize(room);
            assertThat(folder.path()).exists();
        }
        heir.room = 9;
        heir.canForce = false;
        assertThatThrownBy(() -> adoption.carryOver(heir, () -> true)).hasMessage("full");
        assertThat(folder.path()).exists();
        heir.canForce = true;
        assertThat(adoption.carryOver(heir, () -> true)).isTrue();
        assertThat(adoption.strange()).containsExactly("mail");
        assertThat(heir.taken).containsExactly("a", "b", "c", "dead d: 413");
        assertThat(folder.path()).doesNotExist();
    }

    @Test
    void goes_on_in_parts_and_leaves_the_rest_to_the_next_process_if_it_ends() throws IOException {
        ProcessFolder folder = left();
        Adoption adoption = new Adoption(folder);
        Heir heir = new Heir();
        heir.room = 9;
        assertThat(adoption.carryOver(heir, () -> false)).isFalse();
        assertThat(adoption.carryOver(heir, () -> false)).isFalse();
        assertThat(heir.taken).containsExactly("a", "b");

        Heir next = new Heir();
        next.room = 9;
        Adoption again = new Adoption(folder);
        assertThat(again.carryOver(next, () -> true)).isTrue();
        assertThat(next.taken).containsExactly("c", "dead d: 413");
        assertThat(folder.path()).doesNotExist();
    }

    @Test
    void tells_once_what_is_damaged() throws IOException {
        ProcessFolder folder = left();
        try (var files = Files.list(folder.path())) {
            Path events = files.filter(file -> file.getFileName().toString().startsWith("events-"))
                    .findFirst()
                    .orElseThrow();
            byte[] bytes = Files.readAllBytes(events);
            bytes[bytes.length - 1] ^= 1;
            Files.write(events, bytes);
        }
        Adoption adoption = new Adoption(folder);
        Heir heir = new Heir();
        heir.room = 9;
        heir.canForce = false;
        assertThatThrownBy(() -> adoption.carryOver(heir, () -> true)).hasMessage("full");
        heir.canForce = true;
        assertThat(adoption.carryOver(heir, () -> true)).isTrue();
        assertThat(heir.taken).containsExactly("a", "b", "dead d: 413");
        assertThat(heir.damaged).isEqualTo(1);
    }
}
