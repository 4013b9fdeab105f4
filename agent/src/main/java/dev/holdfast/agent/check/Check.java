package dev.holdfast.agent.check;

import dev.holdfast.agent.weave.ClassScan;
import dev.holdfast.agent.weave.ComposedAnnotations;
import dev.holdfast.agent.weave.Weaver;
import dev.holdfast.agent.weave.Weaving;
import dev.holdfast.definition.MethodModel;
import dev.holdfast.runtime.Checking;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/** Runs the command {@code check}. */
public final class Check {

    private static final int FAULTS = 1;
    private static final int BAD_USAGE = 2;

    /** A class file without anything in it has so many bytes. */
    private static final int SHORTEST = 24;

    /** The newest version of class files that can be read to the end. */
    private static final int NEWEST = Opcodes.V28;

    /** Who waits longer wants to know that something happens. */
    private static final long PROGRESS_NANOS = 2_000_000_000L;

    private final Checking checking;
    private final Program program;
    private final PrintStream out;
    private final PrintStream err;
    private final Weaver weaver = new Weaver();
    private final ComposedAnnotations.View annotations;

    private int methods;
    private int concerned;
    private int faults;

    private Check(Checking checking, Program program, PrintStream out, PrintStream err) {
        this.checking = checking;
        this.program = program;
        this.out = out;
        this.err = err;
        this.annotations = new ComposedAnnotations().seenBy(null, program);
    }

    /**
     * Checks all that lies at some paths, together, as they see each other's classes.
     *
     * @param paths jars, wars, and folders of classes or jars
     * @return the exit status: 0 for no fault, 1 for any, 2 if it cannot be checked
     */
    public static int run(String[] paths, PrintStream out, PrintStream err) {
        if (paths.length == 0) {
            err.println("holdfast: check what? expected: check <jar|folder>...");
            return BAD_USAGE;
        }
        Program program = new Program();
        try (Places places = new Places(program)) {
            for (String path : paths) {
                places.add(new File(path));
            }
            Checking checking;
            try {
                checking = Checking.under(systemProperties(), System.getenv(), program::has);
            } catch (IllegalArgumentException invalid) {
                err.println("holdfast: " + invalid.getMessage());
                return BAD_USAGE;
            }
            for (String warning : checking.warnings()) {
                err.println("holdfast: " + warning);
            }
            return new Check(checking, program, out, err).run();
        } catch (IOException | UncheckedIOException unreadable) {
            err.println("holdfast: " + unreadable.getMessage());
            return BAD_USAGE;
        }
    }

    private static Map<String, String> systemProperties() {
        Map<String, String> properties = new HashMap<>();
        for (String name : System.getProperties().stringPropertyNames()) {
            String value = System.getProperty(name);
            if (value != null) {
                properties.put(name, value);
            }
        }
        return properties;
    }

    private int run() throws IOException {
        List<String> classes = program.classes();
        if (classes.isEmpty()) {
            err.println("holdfast: there is no class file; expected: a jar, a war, or a folder of classes or jars");
            return BAD_USAGE;
        }
        long shown = System.nanoTime();
        int done = 0;
        for (String internalName : classes) {
            check(internalName);
            done++;
            if (System.nanoTime() - shown > PROGRESS_NANOS) {
                shown = System.nanoTime();
                err.println("holdfast: " + done + " of " + classes.size() + " classes");
            }
        }
        out.println(counted(methods, "annotated method") + " in " + counted(concerned, "class") + ", "
                + (faults == 0 ? "no fault" : counted(faults, "fault")));
        return faults == 0 ? 0 : FAULTS;
    }

    private static String counted(int number, String what) {
        return number + " " + what + (number == 1 ? "" : what.endsWith("s") ? "es" : "s");
    }

    private void check(String internalName) throws IOException {
        byte[] classFile = program.classFile(internalName);
        String name = internalName.replace('/', '.');
        if (!checking.weaves(name)) {
            return;
        }
        if (isDamaged(classFile)) {
            fault(name + " cannot be read, as its class file is damaged; build or copy it again");
            return;
        }
        if (!ClassScan.concerns(classFile, annotations)) {
            return;
        }
        int methodsBefore = methods;
        check(classFile);
        if (methods > methodsBefore) {
            concerned++;
        }
    }

    /** What is cut off would look like a class without annotations. One of a newer Java is not damaged. */
    private static boolean isDamaged(byte[] classFile) {
        if (classFile.length < SHORTEST || !startsAsOne(classFile)) {
            return true;
        }
        if (((classFile[6] & 0xFF) << 8 | (classFile[7] & 0xFF)) > NEWEST) {
            return false;
        }
        try {
            new ClassReader(classFile).accept(new ClassVisitor(Opcodes.ASM9) {}, 0);
            return false;
        } catch (RuntimeException cutOff) {
            return true;
        }
    }

    private static boolean startsAsOne(byte[] file) {
        return file[0] == (byte) 0xCA && file[1] == (byte) 0xFE && file[2] == (byte) 0xBA && file[3] == (byte) 0xBE;
    }

    private void check(byte[] classFile) {
        Weaving weaving = weaver.weave(classFile, annotations, null);
        methods += weaving.left().size();
        for (String left : weaving.left()) {
            fault(left);
        }
        if (weaving.methods().isEmpty()) {
            return;
        }
        ClassFileType type = ClassFileType.read(classFile, program);
        List<String> seen = new ArrayList<>();
        for (Weaving.Woven woven : weaving.methods()) {
            check(type.method(woven.name(), woven.descriptor()), woven.definition(), seen);
        }
    }

    private void check(MethodModel method, String definition, List<String> told) {
        Checking.Checked checked = checking.check(method, definition);
        if (checked.policies().isEmpty() && checked.faults().isEmpty()) {
            return; // switched off from outside
        }
        methods++;
        if (!checked.policies().isEmpty()) {
            out.println(method.place() + ": " + String.join("; ", checked.policies()));
        }
        checked.faults().forEach(this::fault);
        for (String unseen : checked.unseen()) {
            if (!told.contains(unseen)) {
                told.add(unseen);
                out.println("UNSURE " + unseen);
            }
        }
    }

    private void fault(String message) {
        faults++;
        out.println("FAULT " + message);
    }
}
