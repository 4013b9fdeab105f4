package dev.holdfast.runtime.notify.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessFolderTest {

    @TempDir
    Path base;

    /** As where the last process has filled the disk, and there is room a second later. */
    @Test
    void finds_what_was_left_also_at_the_second_try() throws IOException {
        ProcessFolder.claim(base, "shop", "001").own().close();
        Path inTheWay = Files.createFile(base.resolve("shop/002"));
        assertThatThrownBy(() -> ProcessFolder.claim(base, "shop", "002")).isInstanceOf(IOException.class);
        Files.delete(inTheWay);
        assertThat(ProcessFolder.claim(base, "shop", "002").left())
                .extracting(ProcessFolder::path)
                .containsExactly(base.resolve("shop/001"));
    }

    /** As where the application was once started by another user; no journal was kept any more. */
    @Test
    void leaves_alone_what_cannot_be_locked() throws IOException {
        ProcessFolder.claim(base, "shop", "001").own().close();
        Path barred = base.resolve("shop/000");
        Files.createDirectories(barred.resolve("lock")); // root may open any file, but no folder to write
        ProcessFolder.Claimed claimed = ProcessFolder.claim(base, "shop", "002");
        assertThat(claimed.own().path()).isEqualTo(base.resolve("shop/002"));
        assertThat(claimed.left()).extracting(ProcessFolder::path).containsExactly(base.resolve("shop/001"));
        assertThat(claimed.barred()).containsExactly(barred);
    }

    /** Of a name that anybody can guess, another user may have made it before. */
    @Test
    void trusts_no_folder_that_others_can_write() throws IOException {
        Path own = base.resolve("own");
        ProcessFolder.makeOwn(own);
        ProcessFolder.makeOwn(own);
        assertThatThrownBy(() -> ProcessFolder.makeOwn(Files.createSymbolicLink(base.resolve("link"), own)))
                .hasMessageContaining("is a link");
        Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThatThrownBy(() -> ProcessFolder.makeOwn(own)).hasMessageContaining("can be written by others");
    }

    @Test
    void locks_nothing_through_a_link() throws IOException {
        Path elsewhere = base.resolve("elsewhere");
        Files.createSymbolicLink(Files.createDirectories(base.resolve("shop")).resolve("lock"), elsewhere);
        assertThatThrownBy(() -> ProcessFolder.claim(base, "shop", "001")).isInstanceOf(IOException.class);
        assertThat(elsewhere).doesNotExist();
    }

    @Test
    void gives_each_application_a_folder_of_its_own() {
        List<String> names = List.of(
                "a/b", "a_b", "a b", "订单", "支付", "", "_", ".", "x".repeat(100), "x".repeat(101), "x".repeat(102));
        assertThat(names.stream().map(ProcessFolder::folderName))
                .doesNotHaveDuplicates()
                .allMatch(name -> name.matches("[A-Za-z0-9_-][A-Za-z0-9._-]{0,120}"));
        assertThat(ProcessFolder.folderName("com.acme.Shop")).isEqualTo("com.acme.Shop");
        assertThat(ProcessFolder.folderName("shop_2-beta.jar")).isEqualTo("shop_2-beta.jar");
    }
}
