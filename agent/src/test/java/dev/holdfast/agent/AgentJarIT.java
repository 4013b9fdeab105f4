package dev.holdfast.agent;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.Handle;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.commons.ClassRemapper;
import net.bytebuddy.jar.asm.commons.Remapper;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is in the packed jar, and what is not. */
final class AgentJarIT {

    private static final long SIX_MIB = 6L << 20;

    private static final String LIBRARIES = "holdfast/dev/holdfast/shaded/";

    /** Where libraries are at home, unless they are renamed. */
    private static final Pattern LIBRARY =
            Pattern.compile("(net/bytebuddy|com/github|com/google|com/rabbitmq|org/|redis/|dev/holdfast/bridge/).*");

    /** What libraries could use if it were there: annotations, JSON for commands that we do not send, proxies of pools. */
    private static final Pattern LEFT_OUT =
            Pattern.compile("dev/holdfast/shaded/(com/google/errorprone|org/json|com/rabbitmq/tools)/.*");

    private static final List<String> ARCHIVES =
            List.of("asm.zip", "caffeine.zip", "first.zip", "libraries.zip", "runtime.zip");

    /** Holdfast's own classes, but for those that are defined below an application's servlets. */
    private static final Pattern OWN =
            Pattern.compile("holdfast/dev/holdfast/(?!shaded/|servlets/).*(?<!package-info)\\.classdata");

    private static final String NO_LOGGING = "dev.holdfast.shaded.org.slf4j.spi.SLF4JServiceProvider";

    private JarFile jar;

    /** All that the isolated loader finds, also what lies in the archive of libraries. */
    private final Map<String, byte[]> packed = new TreeMap<>();

    @BeforeEach
    void open() throws IOException {
        jar = new JarFile(Fork.JAR.toFile());
        for (String name : names()) {
            if (name.startsWith("holdfast/")) {
                packed.put(name, content(name));
            }
        }
        for (String archive : ARCHIVES) {
            try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(packed("holdfast/" + archive)))) {
                ZipEntry entry = zip.getNextEntry();
                while (entry != null) {
                    packed.put("holdfast/" + entry.getName(), zip.readAllBytes());
                    entry = zip.getNextEntry();
                }
            }
        }
    }

    private byte[] packed(String name) {
        return packed.getOrDefault(name, new byte[0]);
    }

    @AfterEach
    void close() throws IOException {
        jar.close();
    }

    @Test
    void shows_the_jvm_only_what_it_begins_with() {
        assertThat(names())
                .filteredOn(name -> name.endsWith(".class"))
                .containsExactlyInAnyOrder(
                        "dev/holdfast/agent/IsolatedLoader$Connection.class",
                        "dev/holdfast/agent/IsolatedLoader$Content.class",
                        "dev/holdfast/agent/IsolatedLoader$Handler.class",
                        "dev/holdfast/agent/IsolatedLoader.class",
                        "dev/holdfast/agent/Main.class",
                        "dev/holdfast/agent/Premain.class",
                        "dev/holdfast/agent/package-info.class");
    }

    @Test
    void keeps_everything_else_in_its_folder() {
        assertThat(names())
                .filteredOn(name -> !name.endsWith(".class") && !name.startsWith("holdfast/"))
                .containsExactlyInAnyOrder("META-INF/MANIFEST.MF", "META-INF/LICENSE", "META-INF/NOTICE");
        assertThat(names())
                .filteredOn(name -> name.startsWith("holdfast/") && !name.endsWith(".classdata"))
                .containsExactlyInAnyOrder(
                        "holdfast/version",
                        "holdfast/asm.zip",
                        "holdfast/caffeine.zip",
                        "holdfast/first.zip",
                        "holdfast/libraries.zip",
                        "holdfast/runtime.zip",
                        "holdfast/META-INF/services/" + NO_LOGGING);
        assertThat(packed.keySet()).noneMatch(name -> name.startsWith("holdfast/dev/holdfast/processor/"));
    }

    @Test
    void renames_every_library() {
        assertThat(packed.keySet())
                .allSatisfy(
                        name -> assertThat(name)
                                .matches(
                                        "holdfast/(dev/holdfast/.*|java/lang/HoldfastSite\\.classdata|version|\\w+\\.zip|META-INF/services/.*)"));
    }

    @Test
    void has_no_class_that_refers_to_a_library_by_its_own_name() throws IOException {
        List<String> wrong = new ArrayList<>();
        for (String name : packed.keySet()) {
            if (name.endsWith(".classdata")) {
                for (String referred : references(packed(name))) {
                    if (LIBRARY.matcher(referred).matches()) {
                        wrong.add(name + " refers to " + referred);
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    /** Libraries are packed in part; nothing may be missed only when it is first needed. */
    @Test
    void has_everything_that_it_refers_to() throws IOException {
        Set<String> missing = new TreeSet<>();
        for (String name : packed.keySet()) {
            if (name.endsWith(".classdata")) {
                for (String referred : references(packed(name))) {
                    if (referred.startsWith("dev/holdfast/")
                            && !packed.containsKey("holdfast/" + referred + ".classdata")
                            && !LEFT_OUT.matcher(referred).matches()) {
                        missing.add(referred + ", of " + name);
                    }
                }
            }
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void carries_the_bridge_under_the_name_that_it_will_have() throws IOException {
        assertThat(new String(content("holdfast/java/lang/HoldfastSite.classdata"), ISO_8859_1))
                .contains("java/lang/HoldfastSite")
                .doesNotContain("dev/holdfast/bridge");
    }

    /** The JVM reads the directory of the jar before main. */
    @Test
    void keeps_few_entries_in_sight_and_the_others_in_archives() {
        assertThat(names()).hasSizeLessThan(60);
        assertThat(packed).hasSizeGreaterThan(1_000);
    }

    @Test
    void carries_runtime_weaver_and_libraries() {
        assertThat(packed.keySet())
                .contains(
                        "holdfast/dev/holdfast/runtime/Entry.classdata",
                        "holdfast/dev/holdfast/agent/weave/Weaver.classdata",
                        "holdfast/dev/holdfast/Recover.classdata",
                        "holdfast/dev/holdfast/shaded/net/bytebuddy/jar/asm/ClassReader.classdata",
                        "holdfast/dev/holdfast/shaded/com/github/benmanes/caffeine/cache/Caffeine.classdata",
                        "holdfast/dev/holdfast/shaded/redis/clients/jedis/RedisClient.classdata");
    }

    /** The application has the API that these are subclasses of. */
    @Test
    void carries_what_servlets_are_handed_and_no_servlet_api() {
        for (String name : List.of("jakarta", "javax")) {
            assertThat(packed.keySet())
                    .contains(
                            "holdfast/dev/holdfast/servlets/" + name + "/ServletCall.classdata",
                            "holdfast/dev/holdfast/servlets/" + name + "/HeldResponse.classdata")
                    .noneMatch(file -> file.startsWith("holdfast/" + name));
        }
    }

    @Test
    void carries_the_licences() throws IOException {
        assertThat(new String(content("META-INF/LICENSE"), UTF_8))
                .contains("Apache License", "Version 2.0, January 2004");
        assertThat(new String(content("META-INF/NOTICE"), UTF_8))
                .contains("Byte Buddy", "Rafael Winterhalter")
                .contains("ASM", "INRIA, France Telecom", "IMPLIED WARRANTIES OF MERCHANTABILITY", "Neither the name")
                .contains("Caffeine", "Ben Manes")
                .contains("JSpecify");
    }

    /** Whoever packs another library must say whose it is. */
    @Test
    void names_every_library_in_its_notice() throws IOException {
        List<String> named = Pattern.compile("(?m)^\\w.* \\(([a-z][a-z0-9.]+)[,)]")
                .matcher(new String(content("META-INF/NOTICE"), UTF_8))
                .results()
                .map(section -> LIBRARIES + section.group(1).replace('.', '/') + "/")
                .toList();
        assertThat(packed.keySet())
                .filteredOn(name -> name.startsWith(LIBRARIES))
                .isNotEmpty()
                .allSatisfy(name -> assertThat(named).anyMatch(name::startsWith));
        assertThat(named).allSatisfy(library -> assertThat(packed.keySet()).anyMatch(name -> name.startsWith(library)));
    }

    @Test
    void says_in_its_manifest_what_the_jvm_asks_for() throws IOException {
        Attributes manifest = jar.getManifest().getMainAttributes();

        assertThat(manifest.getValue("Premain-Class")).isEqualTo("dev.holdfast.agent.Premain");
        assertThat(manifest.getValue("Main-Class")).isEqualTo("dev.holdfast.agent.Main");
        assertThat(manifest.getValue("Can-Retransform-Classes")).isEqualTo("true");
        assertThat(manifest.getValue("Can-Redefine-Classes")).isEqualTo("true");
        assertThat(manifest.getValue("Implementation-Version"))
                .isNotBlank()
                .isEqualTo(new String(content("holdfast/version"), UTF_8));
        assertThat(manifest.getValue("Boot-Class-Path")).isNull();
        assertThat(manifest.getValue("Multi-Release")).isNull();
    }

    @Test
    void is_no_bigger_than_six_mebibytes() throws IOException {
        assertThat(Files.size(Fork.JAR)).isLessThanOrEqualTo(SIX_MIB);
    }

    @Test
    void is_the_same_on_every_machine() {
        assertThat(Collections.list(jar.entries()))
                .allSatisfy(entry -> assertThat(entry.getTimeLocal()).hasToString("2026-01-01T00:00"));
        List<String> names = names();
        int stored = names.size() - 2;
        assertThat(names).first().isEqualTo("META-INF/MANIFEST.MF");
        assertThat(names.subList(1, stored)).isSorted();
        assertThat(names.subList(stored, names.size())).containsExactly("holdfast/asm.zip", "holdfast/first.zip");
    }

    @Test
    void stores_what_the_start_of_a_woven_program_reads() {
        assertThat(jar.getEntry("holdfast/asm.zip").getMethod()).isEqualTo(ZipEntry.STORED);
        assertThat(jar.getEntry("holdfast/first.zip").getMethod()).isEqualTo(ZipEntry.STORED);
        assertThat(jar.getEntry("holdfast/runtime.zip").getMethod()).isEqualTo(ZipEntry.DEFLATED);
    }

    @Test
    void leaves_no_lambda_and_no_record_of_its_own_to_be_linked_at_run_time() {
        Set<String> linked = new TreeSet<>();
        for (String name : packed.keySet()) {
            if (OWN.matcher(name).matches()) {
                bootstraps(packed(name)).forEach(bootstrap -> linked.add(name + " by " + bootstrap));
            }
        }
        assertThat(linked).isEmpty();
    }

    /** Their equals, hashCode and toString are written by the build, in place of what the JDK would link. */
    @Test
    void has_records_that_do_as_they_would_unpacked() throws Exception {
        IsolatedLoader loader =
                new IsolatedLoader(Fork.JAR.toFile(), Fork.JAR.toUri().toURL());
        int tried = 0;
        for (String name : packed.keySet()) {
            if (!OWN.matcher(name).matches()
                    || name.startsWith("holdfast/dev/holdfast/agent/") // which are on no class path of this test
                    || !new ClassReader(packed(name)).getSuperName().equals("java/lang/Record")) {
                continue;
            }
            String type = name.substring("holdfast/".length(), name.length() - ".classdata".length())
                    .replace('/', '.');
            Class<?> packed = Class.forName(type, false, loader);
            Class<?> built = Class.forName(type, false, getClass().getClassLoader());
            for (int seed = 0; seed < 2; seed++) {
                Object one = made(packed, seed);
                Object same = made(packed, seed);
                Object other = made(packed, seed + 1);
                Object unpacked = made(built, seed);
                if (one == null || unpacked == null) {
                    continue; // its constructor wants more than numbers and texts
                }
                tried++;
                assertThat(one).isEqualTo(same).isNotEqualTo(unpacked);
                assertThat(text(one)).isEqualTo(text(unpacked));
                assertThat(one.hashCode()).isEqualTo(unpacked.hashCode()).isEqualTo(Objects.hashCode(same));
                if (other != null) {
                    assertThat(one.equals(other)).isEqualTo(unpacked.equals(made(built, seed + 1)));
                }
            }
        }
        assertThat(tried).isGreaterThan(50);
    }

    /** With numbers, texts and null for its components; null if its constructor refuses them. */
    private static @Nullable Object made(Class<?> record, int seed) throws ReflectiveOperationException {
        RecordComponent[] components = record.getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            values[i] = value(types[i], seed + i + 1);
        }
        Constructor<?> constructor = record.getDeclaredConstructor(types);
        constructor.setAccessible(true);
        try {
            return constructor.newInstance(values);
        } catch (InvocationTargetException refused) {
            return null;
        }
    }

    /** One that says itself how it is shown may need more than it has here. */
    private static String text(Object record) {
        try {
            return record.toString();
        } catch (RuntimeException wantsOtherValues) {
            return wantsOtherValues.getClass() + " in " + record.getClass().getName();
        }
    }

    private static @Nullable Object value(Class<?> type, int seed) {
        if (type == boolean.class) {
            return seed % 2 == 0;
        }
        if (type == int.class) {
            return seed;
        }
        if (type == long.class) {
            return seed * 10_000_000_000L;
        }
        if (type == double.class) {
            return seed / 3.0;
        }
        if (type == String.class) {
            return "text " + seed;
        }
        if (type == List.class) {
            return List.of();
        }
        return type == Map.class ? Map.of() : null;
    }

    /** Which of the JDK's bootstraps for lambdas and records a class names. */
    private static Set<String> bootstraps(byte[] classFile) {
        Set<String> bootstraps = new TreeSet<>();
        new ClassReader(classFile)
                .accept(
                        new ClassVisitor(Opcodes.ASM9) {
                            @Override
                            public MethodVisitor visitMethod(
                                    int access, String name, String type, String signature, String[] thrown) {
                                return new MethodVisitor(Opcodes.ASM9) {
                                    @Override
                                    public void visitInvokeDynamicInsn(
                                            String name, String type, Handle bootstrap, Object... with) {
                                        bootstraps.add(bootstrap.getOwner());
                                    }
                                };
                            }
                        },
                        0);
        return bootstraps;
    }

    private List<String> names() {
        return Collections.list(jar.entries()).stream().map(ZipEntry::getName).toList();
    }

    private static Set<String> references(byte[] classFile) {
        Set<String> references = new HashSet<>();
        Remapper collecting = new Remapper(Opcodes.ASM9) {
            @Override
            public String map(String internalName) {
                references.add(internalName);
                return internalName;
            }
        };
        new ClassReader(classFile).accept(new ClassRemapper(new ClassWriter(0), collecting), 0);
        return references;
    }

    private byte[] content(String name) throws IOException {
        try (var content = jar.getInputStream(jar.getEntry(name))) {
            return content.readAllBytes();
        }
    }
}
