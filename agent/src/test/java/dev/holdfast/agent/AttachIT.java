package dev.holdfast.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.Fork.Ended;
import dev.holdfast.agent.programs.Faulty;
import dev.holdfast.agent.programs.Guarded;
import dev.holdfast.agent.programs.HasteAgent;
import dev.holdfast.agent.programs.Hello;
import dev.holdfast.agent.programs.Retransforming;
import dev.holdfast.agent.programs.Shut;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The packed jar in JVMs of its own. */
final class AttachIT {

    @TempDir
    Path folder;

    static List<Path> jdks() throws IOException {
        return Fork.jdks();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void attaches_and_says_so_in_one_line(Path jdk) throws Exception {
        Ended hello = Fork.program(jdk, Hello.class, Fork.agent());

        assertThat(hello.out()).isEqualTo("hello\n");
        assertThat(hello.err()).matches(".*Holdfast \\S+ attached, 0 keys set\\R");
        assertThat(hello.status()).isZero();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void weaves_a_class_and_verifies_it(Path jdk) throws Exception {
        Ended guarded = Fork.program(jdk, Guarded.class, "-Xverify:all", Fork.agent());

        assertThat(guarded.out()).isEqualTo("42 woven\n");
        assertThat(guarded.err()).doesNotContain("unprotected");
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void does_nothing_where_it_is_switched_off(Path jdk) throws Exception {
        Ended guarded = Fork.program(jdk, Guarded.class, "-Dholdfast.enabled=false", Fork.agent());

        assertThat(guarded.out()).isEqualTo("42 as it was\n");
        assertThat(guarded.err()).doesNotContain("attached");
        assertThat(guarded.status()).isZero();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void leaves_alone_what_is_not_to_be_woven(Path jdk) throws Exception {
        Ended guarded =
                Fork.program(jdk, Guarded.class, "-Dholdfast.weave=!dev.holdfast.agent.programs.*", Fork.agent());

        assertThat(guarded.out()).isEqualTo("42 as it was\n");
        assertThat(guarded.err()).contains("attached, 1 key set").hasLineCount(1);
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void ignores_a_second_flag_with_a_word_about_it(Path jdk) throws Exception {
        Path copy = Files.copy(Fork.JAR, folder.resolve("copy of agent+1.jar"));
        Ended guarded = Fork.program(jdk, Guarded.class, Fork.agent(), Fork.agent(copy));

        assertThat(guarded.out()).isEqualTo("42 woven\n");
        assertThat(guarded.err()).containsOnlyOnce("attached already").containsOnlyOnce("keys set");
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void runs_from_a_path_with_spaces_and_signs(Path jdk) throws Exception {
        Path copy = Files.copy(Fork.JAR, folder.resolve("my agent+1%20ü.jar"));
        Ended guarded = Fork.program(jdk, Guarded.class, "-Dsun.jnu.encoding=UTF-8", Fork.agent(copy));

        assertThat(guarded.out()).isEqualTo("42 woven\n");
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void keeps_the_jvm_from_starting_where_the_configuration_is_wrong(Path jdk) throws Exception {
        Ended hello = Fork.program(jdk, Hello.class, "-Dholdfast.invalid=maybe", Fork.agent());

        assertThat(hello.status()).isEqualTo(1);
        assertThat(hello.out()).isEmpty();
        assertThat(hello.err()).contains("holdfast.invalid", "maybe").doesNotContain("Exception", "\tat ", "FATAL");
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void says_that_the_text_behind_the_flag_is_not_used(Path jdk) throws Exception {
        Ended hello = Fork.program(jdk, Hello.class, Fork.agent() + "=log=debug");

        assertThat(hello.out()).isEqualTo("hello\n");
        assertThat(hello.err()).contains("\"log=debug\"", "is not used", "-Dholdfast.log=debug");
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void leaves_a_tool_of_the_jdk_alone(Path jdk) throws Exception {
        Ended javac = Fork.run(jdk, "javac", "-J" + Fork.agent(), "-version");

        assertThat(javac.status()).isZero();
        assertThat(javac.err()).isEmpty();
        assertThat(javac.out()).startsWith("javac ");
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void attaches_to_a_program_that_is_run_from_its_source(Path jdk) throws Exception {
        Path source = Files.writeString(folder.resolve("Sourced.java"), """
                import dev.holdfast.Recover;

                public class Sourced {
                    @Recover(attempts = 2)
                    static int answer() {
                        return 42;
                    }

                    public static void main(String[] arguments) throws Exception {
                        System.out.println(answer() + " " + Sourced.class.getDeclaredMethod("answer$holdfast").getName());
                    }
                }
                """);
        Ended sourced = Fork.run(jdk, "java", Fork.agent(), "-cp", Fork.CLASS_PATH, source.toString());

        assertThat(sourced.err()).contains("attached");
        assertThat(sourced.out()).isEqualTo("42 answer$holdfast\n");
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void explains_that_it_was_repackaged_without_its_folder(Path jdk) throws Exception {
        Path uber = repack("uber.jar", name -> !name.startsWith("holdfast/"), true);
        Ended guarded = Fork.program(jdk, Guarded.class, Fork.agent(uber));

        assertThat(guarded.out()).isEqualTo("42 as it was\n");
        assertThat(guarded.err())
                .contains("unprotected", "uber.jar has no folder holdfast/", "repackaged", "Remedy")
                .hasLineCount(1);
        assertThat(guarded.status()).isZero();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void explains_that_it_was_repackaged_without_its_manifest(Path jdk) throws Exception {
        Path uber = repack("uber.jar", name -> true, false);
        Ended guarded = Fork.program(jdk, Guarded.class, Fork.agent(uber));

        assertThat(guarded.out()).isEqualTo("42 as it was\n");
        assertThat(guarded.err()).contains("Can-Retransform-Classes", "Remedy").hasLineCount(1);
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void names_the_classes_that_were_there_before_it(Path jdk) throws Exception {
        Ended guarded = Fork.program(jdk, Guarded.class, agentOf(HasteAgent.class), Fork.agent());

        assertThat(guarded.out()).isEqualTo("42 as it was\n");
        assertThat(guarded.err()).contains("1 class was loaded before", Guarded.class.getName(), "before other agents");
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void weaves_the_same_again_when_another_agent_changes_a_class(Path jdk) throws Exception {
        Ended changed =
                Fork.program(jdk, Retransforming.class, "-Xverify:all", Fork.agent(), agentOf(Retransforming.class));

        assertThat(changed.out()).isEqualTo("retransformed true true\nredefined true true\n");
        assertThat(changed.status()).isZero();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void leaves_alone_the_classes_of_a_loader_that_hides_the_bridge(Path jdk) throws Exception {
        Ended shut = Fork.program(jdk, Shut.class, Fork.agent());

        assertThat(shut.out()).isEqualTo("42 as it was\n");
        assertThat(shut.err())
                .contains("ShutLoader", "does not find java.lang.HoldfastSite")
                .hasLineCount(2);
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void logs_a_faulty_definition_that_is_never_called(Path jdk) throws Exception {
        Ended faulty = Fork.program(jdk, Faulty.class, Fork.agent());

        assertThat(faulty.out()).isEqualTo("done\n");
        assertThat(faulty.err()).contains("ERROR", "Faulty", "neverCalled", "attempts");
        assertThat(faulty.status()).isZero();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void does_not_take_an_invalid_setting_for_all_methods_for_a_failed_self_test(Path jdk) throws Exception {
        Ended guarded = Fork.program(jdk, Guarded.class, "-Dholdfast.Recover/fallback=nowhere", Fork.agent());

        assertThat(guarded.err()).contains("attached").doesNotContain("switched itself off");
    }

    /** Each of them would be initialised before the program had a chance to set it up. */
    @ParameterizedTest
    @MethodSource("jdks")
    void wakes_neither_logging_nor_management_nor_files_nor_sockets(Path jdk) throws Exception {
        List<String> loaded = loadedClasses(jdk, Fork.agent());

        assertThat(loaded).contains("dev.holdfast.agent.attach.Transformer");
        assertThat(loaded)
                .noneMatch(name -> name.startsWith("java.util.logging.")
                        || name.startsWith("sun.util.logging.")
                        || name.startsWith("java.lang.management.")
                        || name.startsWith("javax.management.")
                        || name.startsWith("java.net.Socket")
                        || name.startsWith("java.net.InetAddress")
                        || name.startsWith("sun.nio.ch.Net"));
        // The JDK uses its own built-in file system; the one that a program may install is found by this class.
        assertThat(loaded).doesNotContain("java.nio.file.FileSystems$DefaultFileSystemHolder$1");
        assertThat(loaded).noneMatch(name -> name.startsWith("dev.holdfast.shaded."));
    }

    private List<String> loadedClasses(Path jdk, String agent) throws Exception {
        Path log = folder.resolve("classes");
        Ended hello = Fork.program(jdk, Hello.class, "-Xlog:class+load=info:file=" + log + ":none", agent);
        assertThat(hello.out()).isEqualTo("hello\n");
        try (Stream<String> lines = Files.lines(log)) {
            return lines.map(line -> line.substring(0, line.indexOf(' '))).toList();
        }
    }

    /** A copy of the jar with only some entries, and with or without what its manifest says of classes. */
    private Path repack(String name, Predicate<String> entries, boolean manifestWhole) throws IOException {
        Path copy = folder.resolve(name);
        try (JarFile jar = new JarFile(Fork.JAR.toFile())) {
            Manifest manifest = new Manifest(jar.getManifest());
            if (!manifestWhole) {
                manifest.getMainAttributes().remove(new Attributes.Name("Can-Retransform-Classes"));
            }
            try (OutputStream file = Files.newOutputStream(copy);
                    JarOutputStream out = new JarOutputStream(file, manifest)) {
                for (ZipEntry entry : jar.stream().toList()) {
                    if (!entry.getName().equals(JarFile.MANIFEST_NAME) && entries.test(entry.getName())) {
                        out.putNextEntry(new ZipEntry(entry.getName()));
                        try (InputStream content = jar.getInputStream(entry)) {
                            content.transferTo(out);
                        }
                    }
                }
            }
        }
        return copy;
    }

    /** An agent whose class is on the class path already. */
    private String agentOf(Class<?> premain) throws IOException {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.putValue("Premain-Class", premain.getName());
        attributes.putValue("Can-Retransform-Classes", "true");
        attributes.putValue("Can-Redefine-Classes", "true");
        Path jar = folder.resolve(premain.getSimpleName() + ".jar");
        try (OutputStream file = Files.newOutputStream(jar)) {
            new JarOutputStream(file, manifest).close();
        }
        return Fork.agent(jar);
    }
}
