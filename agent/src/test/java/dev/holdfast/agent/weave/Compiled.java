package dev.holdfast.agent.weave;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Java source that a test compiles itself, into class files by binary name. */
final class Compiled {

    private static final Pattern TYPE =
            Pattern.compile("(?:\\bclass|interface|enum|record)\\s+(\\w+)"); // the first one names the file

    private Compiled() {}

    /** Compiles compilation units of package {@code app}, whose package line and imports are added, for this release. */
    static Map<String, byte[]> of(int release, String... units) {
        return of(List.of("--release", Integer.toString(release), "-parameters", "-g"), units);
    }

    static Map<String, byte[]> of(List<String> options, String... units) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        Map<String, ByteArrayOutputStream> written = new LinkedHashMap<>();
        List<JavaFileObject> sources = new ArrayList<>();
        for (String unit : units) {
            Matcher type = TYPE.matcher(unit);
            if (!type.find()) {
                throw new IllegalArgumentException(unit);
            }
            sources.add(source(type.group(1), "package app;\nimport dev.holdfast.*;\nimport java.util.*;\n" + unit));
        }
        List<String> all = new ArrayList<>(options);
        all.addAll(List.of("-Xlint:none", "-proc:none", "-classpath", System.getProperty("java.class.path")));
        StringWriter messages = new StringWriter();
        try (JavaFileManager files = collecting(compiler, written)) {
            if (!compiler.getTask(messages, files, null, all, null, sources).call()) {
                throw new IllegalArgumentException(messages.toString());
            }
        } catch (IOException unexpected) {
            throw new IllegalStateException(unexpected);
        }
        Map<String, byte[]> classes = new LinkedHashMap<>();
        written.forEach((name, bytes) -> classes.put(name, bytes.toByteArray()));
        return classes;
    }

    private static JavaFileObject source(String name, String text) {
        return new SimpleJavaFileObject(URI.create("string:///app/" + name + ".java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return text;
            }
        };
    }

    private static JavaFileManager collecting(JavaCompiler compiler, Map<String, ByteArrayOutputStream> written) {
        return new ForwardingJavaFileManager<>(compiler.getStandardFileManager(null, null, null)) {
            @Override
            public JavaFileObject getJavaFileForOutput(
                    Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                written.put(className, bytes);
                return new SimpleJavaFileObject(URI.create("mem:///" + className), kind) {
                    @Override
                    public OutputStream openOutputStream() {
                        return bytes;
                    }
                };
            }
        };
    }
}
