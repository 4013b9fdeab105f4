package dev.holdfast.runtime.notify.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordsTest {

    @Test
    void reads_what_it_wrote() {
        Entry entry = new Entry(7, 1_700_000_000_000L, List.of("ops", "äudit"), "why: 404", "{\"id\":\"ü\"}");
        ByteBuffer bytes = Records.encode(entry);
        Records.Scanner scanner = new Records.Scanner(bytes);
        assertThat(scanner.next()).isEqualTo(entry);
        assertThat(scanner.next()).isNull();
        assertThat(scanner.skipped()).isZero();
        assertThat(bytes.hasRemaining()).isFalse();
    }

    @Test
    void finds_the_whole_records_before_every_cut() {
        byte[] all = three();
        int[] ends = ends();
        for (int cut = 0; cut <= all.length; cut++) {
            ByteBuffer bytes = ByteBuffer.wrap(all, 0, cut);
            int whole = 0;
            while (whole < 3 && ends[whole] <= cut) {
                whole++;
            }
            assertThat(numbers(new Records.Scanner(bytes))).as("cut at %d", cut).hasSize(whole);
            int end = whole == 0 ? 0 : ends[whole - 1];
            assertThat(bytes.hasRemaining()).as("cut at %d", cut).isEqualTo(cut > end);
        }
    }

    @Test
    void loses_no_more_than_the_record_in_which_a_bit_is_flipped() {
        byte[] all = three();
        int[] ends = ends();
        for (int at = 0; at < all.length; at++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] flipped = all.clone();
                flipped[at] ^= (byte) (1 << bit);
                long hit = at < ends[0] ? 1 : at < ends[1] ? 2 : 3;
                ByteBuffer bytes = ByteBuffer.wrap(flipped);
                Records.Scanner scanner = new Records.Scanner(bytes);
                List<Long> expected = new ArrayList<>(List.of(1L, 2L, 3L));
                expected.remove(hit);
                assertThat(numbers(scanner)).as("bit %d at %d", bit, at).isEqualTo(expected);
                assertThat(scanner.skipped() + bytes.remaining())
                        .as("bit %d at %d", bit, at)
                        .isPositive();
            }
        }
    }

    private static List<Long> numbers(Records.Scanner scanner) {
        List<Long> numbers = new ArrayList<>();
        for (Entry entry = scanner.next(); entry != null; entry = scanner.next()) {
            numbers.add(entry.number());
        }
        return numbers;
    }

    private static byte[] three() {
        ByteBuffer all = ByteBuffer.allocate(1_000);
        for (int number = 1; number <= 3; number++) {
            all.put(Records.encode(entry(number)));
        }
        byte[] bytes = new byte[all.flip().remaining()];
        all.get(bytes);
        return bytes;
    }

    private static int[] ends() {
        int[] ends = new int[3];
        for (int i = 0; i < 3; i++) {
            ends[i] = (i == 0 ? 0 : ends[i - 1]) + Records.encode(entry(i + 1)).remaining();
        }
        return ends;
    }

    private static Entry entry(int number) {
        return new Entry(number, 1_000 + number, List.of("a"), "", "event " + number);
    }
}
