package dev.holdfast.runtime.notify.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessFolderTest {

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
