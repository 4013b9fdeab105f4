package dev.holdfast.runtime.notify.channel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FatJarTest {

    private static final String SERVICE = "META-INF/services/com.acme.Service";
    private static final String LAUNCHER = "org.springframework.boot.loader.launch.JarLauncher";

    @TempDir
    Path folder;

    @Test
    void holds_nothing_but_what_is_in_it() throws IOException {
        byte[] without = jar("other.txt");
        assertThat(fatJar(LAUNCHER, "BOOT-INF/classes/com/acme/Shop.class", without)
                        .mayHold(SERVICE))
                .isFalse();
        assertThat(fatJar("org.springframework.boot.loader.WarLauncher", "WEB-INF/web.xml", without)
                        .mayHold(SERVICE))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {SERVICE, "BOOT-INF/classes/" + SERVICE, "WEB-INF/classes/" + SERVICE})
    void holds_what_lies_beside_its_classes(String entry) throws IOException {
        assertThat(fatJar(LAUNCHER, entry, jar("other.txt")).mayHold(SERVICE)).isTrue();
    }

    @Test
    void holds_what_lies_in_a_jar_in_it() throws IOException {
        assertThat(fatJar(LAUNCHER, "other.txt", jar(SERVICE)).mayHold(SERVICE)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"com.acme.Shop", "org.springframework.boot.loader.launch.PropertiesLauncher"})
    void may_hold_anything_where_its_launcher_may_look_elsewhere(String main) throws IOException {
        assertThat(fatJar(main, "other.txt", jar("other.txt")).mayHold(SERVICE)).isTrue();
    }

    @Test
    void may_hold_anything_where_it_cannot_be_read() throws IOException {
        assertThat(new FatJar(Files.writeString(folder.resolve("none.jar"), "none")
                                .toFile())
                        .mayHold(SERVICE))
                .isTrue();
        assertThat(new FatJar(folder.resolve("gone.jar").toFile()).mayHold(SERVICE))
                .isTrue();
    }

    private static byte[] jar(String entry) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(bytes)) {
            put(jar, entry, "text".getBytes(UTF_8));
        }
        return bytes.toByteArray();
    }

    private FatJar fatJar(String main, String entry, byte[] library) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, main);
        Path file = folder.resolve("shop.jar");
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out, manifest)) {
            put(jar, entry, "text".getBytes(UTF_8));
            put(jar, "BOOT-INF/lib/library.jar", library);
        }
        return new FatJar(file.toFile());
    }

    private static void put(JarOutputStream jar, String name, byte[] content) throws IOException {
        jar.putNextEntry(new ZipEntry(name));
        jar.write(content);
    }
}
