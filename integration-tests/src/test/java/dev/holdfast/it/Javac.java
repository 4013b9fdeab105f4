package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** Compiles sources while the tests run: for other releases than this module's, against other libraries, into modules. */
final class Javac {

    private final Path out;
    private final int release;
    private final List<String> options = new ArrayList<>();
    private List<Path> classPath = List.of(Jvm.programs(), Jvm.annotations());

    private Javac(Path out, int release) {
        this.out = out;
        this.release = release;
    }

    /** Into a folder, which is emptied first, and for a release of Java. */
    static Javac into(Path out, int release) {
        delete(out);
        return new Javac(out, release);
    }

    Javac classPath(Path... paths) {
        classPath = List.of(paths);
        return this;
    }

    Javac classPath(List<Path> paths) {
        classPath = List.copyOf(paths);
        return this;
    }

    Javac options(String... more) {
        options.addAll(Arrays.asList(more));
        return this;
    }

    /** Compiles sources given as text, by the name of their file below the folder of sources, as in {@code p/Type.java}. */
    Path compile(Map<String, String> sources) {
        Path folder = out.resolveSibling(out.getFileName() + "-sources");
        delete(folder);
        List<Path> files = new ArrayList<>();
        sources.forEach((name, text) -> {
            Path file = folder.resolve(name);
            try {
                Files.createDirectories(file.getParent());
                Files.writeString(file, text);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
            files.add(file);
        });
        return compile(files);
    }

    /** Compiles one source given as text. */
    Path compile(String name, String text) {
        return compile(Map.of(name, text));
    }

    /** Compiles all sources below some folders. */
    Path compile(Path... folders) {
        List<Path> files = new ArrayList<>();
        for (Path folder : folders) {
            try (Stream<Path> below = Files.walk(folder)) {
                below.filter(file -> file.toString().endsWith(".java")).sorted().forEach(files::add);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
        return compile(files);
    }

    private Path compile(List<Path> files) {
        List<String> arguments = new ArrayList<>(List.of(
                "-d",
                out.toString(),
                "-g",
                "-proc:none",
                "-nowarn",
                "-Xlint:-options",
                "-encoding",
                "UTF-8",
                "--release",
                Integer.toString(release)));
        if (!classPath.isEmpty()) {
            arguments.add("-cp");
            arguments.add(classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
        }
        arguments.addAll(options);
        files.forEach(file -> arguments.add(file.toString()));
        if (release <= Jdk.running().feature()) {
            JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
            ByteArrayOutputStream said = new ByteArrayOutputStream();
            int exit = compiler.run(null, said, said, arguments.toArray(String[]::new));
            assertThat(exit)
                    .as("javac: %s", said.toString(StandardCharsets.UTF_8))
                    .isZero();
        } else {
            Jdk newest = Jdk.all().get(Jdk.all().size() - 1);
            arguments.add(0, newest.javac().toString());
            Jvm.run(arguments).succeeds();
        }
        return out;
    }

    private static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
