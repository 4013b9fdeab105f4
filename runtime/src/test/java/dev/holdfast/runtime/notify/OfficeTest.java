package dev.holdfast.runtime.notify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.runtime.notify.journal.Entry;
import dev.holdfast.runtime.notify.journal.LeftJournal;
import dev.holdfast.runtime.notify.journal.ProcessFolder;
import dev.holdfast.runtime.settings.Settings;
import dev.holdfast.runtime.time.Time;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OfficeTest {

    @TempDir
    Path base;

    /** One of more than 4 MiB fits in no journal, and the channel was stuck with what it had refused. */
    @Test
    void keeps_what_is_refused_however_long_the_reason_is() throws IOException {
        Settings settings = Settings.read(Map.of(), Map.of());
        Office office = Office.open(base, "shop", new Addresses(() -> settings), new EventMaker("shop"), Time.SYSTEM);
        office.bury(new Entry(1, 1_000, List.of("ops"), "", "{}"), "ops", "x".repeat(5 << 20));
        List<Entry> dead = new ArrayList<>();
        Path own = ProcessFolder.in(base.resolve("shop")).get(0);
        new LeftJournal(ProcessFolder.dead(own)).read(dead::add);
        assertThat(dead).hasSize(1);
        assertThat(dead.get(0).note()).hasSizeLessThanOrEqualTo(1_000);
    }
}
