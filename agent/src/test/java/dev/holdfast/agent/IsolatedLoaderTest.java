package dev.holdfast.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.agent.programs.Hello;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class IsolatedLoaderTest {

    private static final String HELLO = Hello.class.getName();

    @TempDir
    Path folder;

    private IsolatedLoader loader;

    @BeforeEach
    void pack() throws IOException {
        Path jar = folder.resolve("agent.jar");
        try (OutputStream file = Files.newOutputStream(jar);
                ZipOutputStream zip = new ZipOutputStream(file)) {
            add(zip, "holdfast/dev/holdfast/agent/programs/Hello.classdata", classFile(Hello.class));
            add(zip, "holdfast/java/lang/HoldfastThing.classdata", classFile(Hello.class));
            add(zip, "holdfast/some/text", "inside".getBytes(UTF_8));
            add(zip, "outside/text", "outside".getBytes(UTF_8));
            add(zip, "dev/holdfast/agent/programs/Guarded.class", classFile(Hello.class));
        }
        loader = new IsolatedLoader(jar.toFile(), jar.toUri().toURL());
    }

    @Test
    void loads_what_its_folder_has_itself() throws Exception {
        Class<?> hello = loader.loadClass(HELLO);

        assertThat(hello.getClassLoader()).isSameAs(loader);
        assertThat(hello).isNotSameAs(Hello.class).isSameAs(Class.forName(HELLO, false, loader));
        assertThat(hello.getPackage().getImplementationTitle()).isEqualTo("Holdfast");
        assertThat(hello.getProtectionDomain().getCodeSource().getLocation()).hasPath(folder + "/agent.jar");
    }

    @Test
    void does_not_see_the_application() {
        assertThatThrownBy(() -> loader.loadClass("org.junit.jupiter.api.Test"))
                .isInstanceOf(ClassNotFoundException.class);
        assertThatThrownBy(() -> loader.loadClass("dev.holdfast.agent.programs.Guarded"))
                .isInstanceOf(ClassNotFoundException.class);
        assertThat(loader.getResource("outside/text")).isNull();
    }

    @Test
    void leaves_the_jdk_to_the_jdk() throws Exception {
        assertThat(loader.loadClass("java.lang.String")).isSameAs(String.class);
        assertThat(loader.loadClass("java.sql.Connection")).isSameAs(java.sql.Connection.class);
        assertThatThrownBy(() -> loader.loadClass("java.lang.HoldfastThing"))
                .isInstanceOf(ClassNotFoundException.class);
    }

    @Test
    void is_told_by_its_name_in_stack_traces_and_loads_in_parallel() {
        assertThat(loader.getName()).isEqualTo("holdfast");
        assertThat(loader.isRegisteredAsParallelCapable()).isTrue();
    }

    @Test
    void serves_resources_by_an_address_of_its_own() throws Exception {
        URL text = Objects.requireNonNull(loader.getResource("some/text"));

        assertThat(text).hasProtocol("holdfast");
        assertThat(read(text.openStream())).isEqualTo("inside");
        assertThat(text.openConnection().getContentLength()).isEqualTo(6);
        assertThat(read(Objects.requireNonNull(loader.getResourceAsStream("some/text"))))
                .isEqualTo("inside");
        assertThat(Collections.list(loader.getResources("some/text"))).containsExactly(text);
        assertThat(loader.getResource("some/other")).isNull();
        assertThat(loader.getResourceAsStream("some/other")).isNull();
    }

    @Test
    void resolves_an_address_against_another() throws Exception {
        URL text = new URL(loader.getResource("some/text"), "other");

        assertThatThrownBy(text::openStream).isInstanceOf(IOException.class).hasMessageContaining("some/other");
    }

    @Test
    void gives_class_files_as_resources_under_their_usual_name() throws Exception {
        String name = HELLO.replace('.', '/') + ".class";

        assertThat(loader.getResourceAsStream(name)).hasBinaryContent(classFile(Hello.class));
        assertThat(loader.getResource(name)).isNotNull();
        assertThat(loader.has(name)).isTrue();
    }

    private static void add(ZipOutputStream zip, String name, byte[] content) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(content);
    }

    private static byte[] classFile(Class<?> type) throws IOException {
        try (InputStream content = type.getResourceAsStream(type.getSimpleName() + ".class")) {
            return Objects.requireNonNull(content).readAllBytes();
        }
    }

    private static String read(InputStream content) throws IOException {
        try (content) {
            return new String(content.readAllBytes(), UTF_8);
        }
    }
}
