import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Loads so many classes from the jars on its class path, as a large application does, and prints the most memory that this took, in KiB. */
public final class Loads {

    public static void main(String[] arguments) throws IOException {
        int left = Integer.parseInt(arguments[0]);
        for (String path : System.getProperty("java.class.path").split(":")) {
            if (path.endsWith(".jar")) {
                left = load(path, left);
            }
        }
        List<String> status = Files.readAllLines(Path.of("/proc/self/status"));
        for (String line : status) {
            if (line.startsWith("VmHWM:")) {
                System.out.println(line.replaceAll("\\D", ""));
            }
        }
    }

    private static int load(String jar, int most) throws IOException {
        int left = most;
        try (ZipFile zip = new ZipFile(jar)) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                String name = entry.getName();
                if (left == 0 || !name.endsWith(".class") || name.startsWith("META-INF/") || name.endsWith("-info.class")) {
                    continue;
                }
                try {
                    Class.forName(name.substring(0, name.length() - 6).replace('/', '.'), false, Loads.class.getClassLoader());
                    left--;
                } catch (ClassNotFoundException | LinkageError lacksALibrary) {
                    // Another one will do.
                }
            }
        }
        return left;
    }
}
