package dev.holdfast.agent.weave;

import dev.holdfast.agent.weave.ClassFacts.Member;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;
import org.jspecify.annotations.Nullable;

/**
 * What the parameters of methods are called. A compiler writes it for reflection where it is told to ({@code -parameters}), and for debuggers
 * unless it is told not to; those are known to this class alone. The class file is read for it when it is first asked.
 *
 * <p>Not thread-safe: it serves the weaving of one class.
 */
final class ParameterNames {

    /** No name in a class file contains it. */
    static final char SEPARATOR = ';';

    private final ClassReader reader;
    private @Nullable Collector read;

    ParameterNames(ClassReader reader) {
        this.reader = reader;
    }

    /**
     * The names of a method's parameters that the class file holds and reflection does not tell, one behind the other, with an empty one
     * for a parameter without. Empty if there is nothing to tell.
     */
    String beyondReflection(Member method) {
        Collector names = read;
        if (names == null) {
            names = new Collector();
            reader.accept(names, ClassReader.SKIP_FRAMES);
            read = names;
        }
        Map<Integer, String> ofMethod = names.bySlot.get(method.signature());
        if (ofMethod == null || names.reflected.contains(method.signature())) {
            return "";
        }
        StringBuilder text = new StringBuilder();
        int first = method.is(Opcodes.ACC_STATIC) ? 0 : 1;
        int slot = first;
        for (Type type : Type.getArgumentTypes(method.descriptor())) {
            text.append(slot == first ? "" : String.valueOf(SEPARATOR)).append(ofMethod.getOrDefault(slot, ""));
            slot += type.getSize();
        }
        return text.toString();
    }

    private static final class Collector extends ClassVisitor {

        /** By signature, the names of the variables that are there first, by slot. */
        final Map<String, Map<Integer, String>> bySlot = new HashMap<>();

        /** The signatures of methods whose names reflection tells. */
        final Set<String> reflected = new HashSet<>();

        Collector() {
            super(Opcodes.ASM9);
        }

        @Override
        public MethodVisitor visitMethod(
                int access, String name, String descriptor, String signature, String[] exceptions) {
            String method = name + descriptor;
            return new MethodVisitor(Opcodes.ASM9) {

                @Override
                public void visitParameter(String parameter, int parameterAccess) {
                    if (parameter != null) {
                        reflected.add(method);
                    }
                }

                @Override
                public void visitLocalVariable(
                        String variable, String type, String generic, Label start, Label end, int slot) {
                    bySlot.computeIfAbsent(method, none -> new HashMap<>()).putIfAbsent(slot, variable);
                }
            };
        }
    }
}
