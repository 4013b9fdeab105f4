package dev.holdfast.runtime.notify.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileChannelsTest {

    @TempDir
    Path folder;

    private Channel open(String name) {
        return Channels.open("file:" + folder.resolve(name));
    }

    private static List<Letter> letters(int from, int count) {
        List<Letter> letters = new ArrayList<>();
        for (int i = from; i < from + count; i++) {
            letters.add(Channels.letter(i));
        }
        return letters;
    }

    @Test
    void appends_a_line_each_and_ends_one_that_a_crash_has_cut() throws IOException {
        Path file = folder.resolve("events.jsonl");
        Files.writeString(file, "{\"cut");
        open("events.jsonl").send(letters(0, 2));
        open("events.jsonl").send(letters(2, 1));
        assertThat(Files.readAllLines(file))
                .containsExactly(
                        "{\"cut",
                        Channels.letter(0).text(),
                        Channels.letter(1).text(),
                        Channels.letter(2).text());
    }

    @Test
    void leaves_lines_whole_where_several_write_to_one_file() throws IOException {
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int number = i;
            // The same file by another path, too.
            Channel channel = open(i % 2 == 0 ? "shared.jsonl" : "./shared.jsonl");
            all.add(CompletableFuture.runAsync(() -> {
                for (int j = 0; j < 50; j++) {
                    List<Letter> letters = letters((number * 50 + j) * 10, 10);
                    boolean taken = false;
                    while (!taken) {
                        try {
                            channel.send(letters);
                            taken = true;
                        } catch (IOException again) {
                            Thread.onSpinWait();
                        }
                    }
                }
            }));
        }
        all.forEach(CompletableFuture::join);
        List<String> expected = letters(0, 2_000).stream().map(Letter::text).toList();
        assertThat(Files.readAllLines(folder.resolve("shared.jsonl"))).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void fails_where_there_is_no_folder() {
        assertThatThrownBy(() -> open("missing/events.jsonl").send(letters(0, 1)))
                .isInstanceOf(IOException.class);
    }
}
