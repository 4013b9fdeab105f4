package dev.holdfast.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;

/** A JDK on this machine. */
record Jdk(Path home, int feature) {

    /** The newest that we care for, used where one is installed beside the running one. */
    private static final int NEWEST = 25;

    private static final List<Jdk> ALL = find();

    /** The one that the tests themselves run on. */
    static Jdk running() {
        return ALL.get(0);
    }

    /** The running one and, where one is installed, the newest. */
    static List<Jdk> all() {
        return ALL;
    }

    Path java() {
        return home.resolve("bin").resolve("java");
    }

    Path javac() {
        return home.resolve("bin").resolve("javac");
    }

    @Override
    public String toString() {
        return "JDK " + feature;
    }

    private static List<Jdk> find() {
        List<Jdk> found = new ArrayList<>();
        Jdk running = new Jdk(
                Path.of(System.getProperty("java.home")), Runtime.version().feature());
        found.add(running);
        if (running.feature < NEWEST) {
            Path beside = running.home.getParent();
            try (Stream<Path> homes = Files.list(beside)) {
                homes.sorted()
                        .filter(home -> Files.isExecutable(home.resolve("bin").resolve("javac")))
                        .map(home -> new Jdk(home, feature(home)))
                        .filter(jdk -> jdk.feature == NEWEST)
                        .findFirst()
                        .ifPresent(found::add);
            } catch (IOException unreadable) {
                throw new IllegalStateException("cannot look for JDKs in " + beside, unreadable);
            }
            if (found.size() == 1) {
                System.out.println("No JDK " + NEWEST + " beside " + running.home + ": all checks run on JDK "
                        + running.feature + " alone.");
            }
        }
        return List.copyOf(found);
    }

    private static int feature(Path home) {
        Path release = home.resolve("release");
        if (!Files.isReadable(release)) {
            return 0;
        }
        Properties properties = new Properties();
        try (var reader = Files.newBufferedReader(release)) {
            properties.load(reader);
        } catch (IOException unreadable) {
            return 0;
        }
        String version = properties.getProperty("JAVA_VERSION", "0").replace("\"", "");
        return Runtime.Version.parse(version).feature();
    }
}
