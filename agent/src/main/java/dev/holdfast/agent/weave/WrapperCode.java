package dev.holdfast.agent.weave;

import static net.bytebuddy.jar.asm.Opcodes.AALOAD;
import static net.bytebuddy.jar.asm.Opcodes.AASTORE;
import static net.bytebuddy.jar.asm.Opcodes.ACONST_NULL;
import static net.bytebuddy.jar.asm.Opcodes.ALOAD;
import static net.bytebuddy.jar.asm.Opcodes.ANEWARRAY;
import static net.bytebuddy.jar.asm.Opcodes.ARETURN;
import static net.bytebuddy.jar.asm.Opcodes.ASTORE;
import static net.bytebuddy.jar.asm.Opcodes.ATHROW;
import static net.bytebuddy.jar.asm.Opcodes.CHECKCAST;
import static net.bytebuddy.jar.asm.Opcodes.DUP;
import static net.bytebuddy.jar.asm.Opcodes.DUP2;
import static net.bytebuddy.jar.asm.Opcodes.F_NEW;
import static net.bytebuddy.jar.asm.Opcodes.H_INVOKESTATIC;
import static net.bytebuddy.jar.asm.Opcodes.IFEQ;
import static net.bytebuddy.jar.asm.Opcodes.IFLT;
import static net.bytebuddy.jar.asm.Opcodes.IFNE;
import static net.bytebuddy.jar.asm.Opcodes.ILOAD;
import static net.bytebuddy.jar.asm.Opcodes.INVOKESPECIAL;
import static net.bytebuddy.jar.asm.Opcodes.INVOKESTATIC;
import static net.bytebuddy.jar.asm.Opcodes.INVOKEVIRTUAL;
import static net.bytebuddy.jar.asm.Opcodes.IRETURN;
import static net.bytebuddy.jar.asm.Opcodes.LCMP;
import static net.bytebuddy.jar.asm.Opcodes.LCONST_0;
import static net.bytebuddy.jar.asm.Opcodes.LLOAD;
import static net.bytebuddy.jar.asm.Opcodes.LSTORE;
import static net.bytebuddy.jar.asm.Opcodes.POP;
import static net.bytebuddy.jar.asm.Opcodes.SIPUSH;
import static net.bytebuddy.jar.asm.Opcodes.SWAP;

import java.lang.invoke.CallSite;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;
import net.bytebuddy.jar.asm.ConstantDynamic;
import net.bytebuddy.jar.asm.Handle;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;
import org.jspecify.annotations.Nullable;

/**
 * The code of one wrapper. {@link dev.holdfast.bridge.HoldfastSite} shows it as Java; the plain shape of {@code Quote quote(String)} is 42 bytes long:
 *
 * <pre>
 *     ldc site; dup; astore site
 *     guardsEntry; ifne run
 *     aload this; aload id; quote$holdfast; areturn                    // any Throwable: to answer
 * severe: athrow                                                       // a VirtualMachineError comes here
 * answer: lconst_0; aload site; aload this; aload id; invokedynamic answer; checkcast Quote; areturn
 * run:    aload site; aload this; aload id; invokedynamic run; checkcast Quote; areturn
 * </pre>
 *
 * <p>The ways out have Object in place of every class: linking them then loads no parameter type, which may be missing where nobody
 * uses it, and all methods of the same arity share their method handles. The site is taken once and kept in a local variable: before
 * class-file version 55 each {@code invokedynamic} would link a site of its own.
 */
final class WrapperCode {

    /** A local variable of the body; those in the slots of parameters give the wrapper's their names. */
    record Parameter(
            String name, String descriptor, @Nullable String signature, int slot) {}

    private static final Type OBJECT = Type.getType(Object.class);
    private static final Type OBJECTS = Type.getType(Object[].class);
    private static final Type THROWABLE = Type.getType(Throwable.class);
    private static final String ERROR_OF_JVM = Type.getInternalName(VirtualMachineError.class);
    private static final Type STRING = Type.getType(String.class);
    private static final Type LOOKUP = Type.getType(MethodHandles.Lookup.class);

    /** By name, for the command line weaves where there is no bridge; in the agent's jar it is the name in java.lang. */
    private static final String SITE_NAME = "dev/holdfast/bridge/HoldfastSite";

    private static final Type SITE = Type.getObjectType(SITE_NAME);

    private static final Handle CONSTANT =
            bootstrap("site", SITE, LOOKUP, STRING, Type.getType(Class.class), STRING, STRING);
    private static final Handle CALL_SITE = bootstrap(
            "site", Type.getType(CallSite.class), LOOKUP, STRING, Type.getType(MethodType.class), STRING, STRING);
    private static final Handle PATH =
            bootstrap("path", Type.getType(CallSite.class), LOOKUP, STRING, Type.getType(MethodType.class));

    private final ClassFacts type;
    private final Method method;
    private final Type[] arguments;
    private final Type result;

    /** The first free local variables: the site, and behind it a gated wrapper's ticket. */
    private final int site;

    private final int ticket;

    WrapperCode(ClassFacts type, Method method) {
        this.type = type;
        this.method = method;
        this.arguments = Type.getArgumentTypes(method.member().descriptor());
        this.result = Type.getReturnType(method.member().descriptor());
        this.site = method.slots();
        this.ticket = site + 1;
    }

    private static Handle bootstrap(String name, Type result, Type... parameters) {
        return new Handle(H_INVOKESTATIC, SITE_NAME, name, Type.getMethodDescriptor(result, parameters), false);
    }

    /**
     * Writes the wrapper's code and ends the method.
     *
     * @param line the body's first; 0 if it has none
     * @param names local variables of the body
     */
    void writeWrapper(MethodVisitor to, int line, List<Parameter> names) {
        Label start = new Label();
        Label end = new Label();
        to.visitCode();
        to.visitLabel(start);
        if (line != 0) {
            to.visitLineNumber(line, start);
        }
        loadSite(to);
        to.visitInsn(DUP);
        to.visitVarInsn(ASTORE, site);
        if (method.gated()) {
            writeGated(to);
        } else {
            writePlain(to);
        }
        to.visitLabel(end);
        boolean[] named = new boolean[site];
        for (Parameter name : names) {
            if (name.slot() < site && !named[name.slot()]) {
                named[name.slot()] = true;
                to.visitLocalVariable(name.name(), name.descriptor(), name.signature(), start, end, name.slot());
            }
        }
        to.visitMaxs(maxStack(), method.gated() ? ticket + 2 : ticket);
        to.visitEnd();
    }

    private void writePlain(MethodVisitor to) {
        Label run = new Label();
        Label answer = new Label();
        Label severe = new Label();
        to.visitMethodInsn(INVOKEVIRTUAL, SITE_NAME, "guardsEntry", "()Z", false);
        to.visitJumpInsn(IFNE, run);
        callBodyCatching(to, severe, answer);
        to.visitInsn(result.getOpcode(IRETURN));

        to.visitLabel(severe);
        frame(to, false, ERROR_OF_JVM);
        to.visitInsn(ATHROW);

        to.visitLabel(answer);
        frame(to, false, THROWABLE.getInternalName());
        to.visitInsn(LCONST_0);
        leave(to, "answer");

        to.visitLabel(run);
        frame(to, false, null);
        leave(to, "run");
    }

    private void writeGated(MethodVisitor to) {
        Label run = new Label();
        Label answer = new Label();
        Label severe = new Label();
        Label done = new Label();
        loadReceiver(to);
        to.visitMethodInsn(INVOKEVIRTUAL, SITE_NAME, "enter", "(Ljava/lang/Object;)J", false);
        to.visitInsn(DUP2);
        to.visitVarInsn(LSTORE, ticket);
        to.visitInsn(LCONST_0);
        to.visitInsn(LCMP);
        to.visitJumpInsn(IFLT, run);
        callBodyCatching(to, severe, answer);
        to.visitVarInsn(LLOAD, ticket);
        to.visitInsn(LCONST_0);
        to.visitInsn(LCMP);
        to.visitJumpInsn(IFEQ, done);
        to.visitVarInsn(ALOAD, site);
        to.visitVarInsn(LLOAD, ticket);
        to.visitMethodInsn(INVOKEVIRTUAL, SITE_NAME, "exit", "(J)V", false);
        to.visitLabel(done);
        frame(to, true, result.getSort() == Type.VOID ? null : verified(result));
        to.visitInsn(result.getOpcode(IRETURN));

        to.visitLabel(severe);
        frame(to, true, ERROR_OF_JVM);
        to.visitInsn(DUP);
        to.visitVarInsn(ALOAD, site);
        to.visitInsn(SWAP);
        to.visitVarInsn(LLOAD, ticket);
        to.visitMethodInsn(INVOKEVIRTUAL, SITE_NAME, "abandon", "(Ljava/lang/Throwable;J)V", false);
        to.visitInsn(ATHROW);

        to.visitLabel(answer);
        frame(to, true, THROWABLE.getInternalName());
        to.visitVarInsn(LLOAD, ticket);
        leave(to, "answer");

        to.visitLabel(run);
        frame(to, true, null);
        leave(to, "run");
    }

    private void loadSite(MethodVisitor to) {
        String name = method.member().name();
        String descriptor = method.member().descriptor();
        if (type.version() >= Opcodes.V11) {
            to.visitLdcInsn(new ConstantDynamic(name, SITE.getDescriptor(), CONSTANT, descriptor, method.definition()));
        } else {
            to.visitInvokeDynamicInsn(name, Type.getMethodDescriptor(SITE), CALL_SITE, descriptor, method.definition());
        }
    }

    private void callBodyCatching(MethodVisitor to, Label severe, Label handler) {
        Label start = new Label();
        Label end = new Label();
        to.visitTryCatchBlock(start, end, severe, ERROR_OF_JVM);
        to.visitTryCatchBlock(start, end, handler, null);
        to.visitLabel(start);
        if (!method.isStatic()) {
            to.visitVarInsn(ALOAD, 0);
        }
        int slot = method.isStatic() ? 0 : 1;
        for (Type argument : arguments) {
            to.visitVarInsn(argument.getOpcode(ILOAD), slot);
            slot += argument.getSize();
        }
        callBody(to);
        to.visitLabel(end);
    }

    /** Private methods of an interface, too, are called by invokespecial: class files before version 55 know no other way. */
    private void callBody(MethodVisitor to) {
        to.visitMethodInsn(
                method.isStatic() ? INVOKESTATIC : INVOKESPECIAL,
                type.name(),
                method.member().name() + Weaver.BODY,
                method.member().descriptor(),
                type.is(Opcodes.ACC_INTERFACE));
    }

    /** With what else it takes on the stack, hands over site, receiver and arguments, and returns what comes back. */
    private void leave(MethodVisitor to, String way) {
        to.visitVarInsn(ALOAD, site);
        List<Type> handed = new ArrayList<>();
        if (way.equals("answer")) {
            handed.add(THROWABLE);
            handed.add(Type.LONG_TYPE);
        }
        handed.add(SITE);
        if (method.isWide()) {
            loadEverythingAsArray(to);
            handed.add(OBJECTS);
            String descriptor = Type.getMethodDescriptor(OBJECT, handed.toArray(new Type[0]));
            to.visitMethodInsn(INVOKESTATIC, SITE_NAME, way, descriptor, false);
            unbox(to, result);
        } else {
            loadReceiver(to);
            handed.add(OBJECT);
            int slot = method.isStatic() ? 0 : 1;
            for (Type argument : arguments) {
                to.visitVarInsn(argument.getOpcode(ILOAD), slot);
                slot += argument.getSize();
                handed.add(erased(argument));
            }
            String descriptor = Type.getMethodDescriptor(erased(result), handed.toArray(new Type[0]));
            to.visitInvokeDynamicInsn(way, descriptor, PATH);
            if (isReference(result)) {
                cast(to, result);
            }
        }
        to.visitInsn(result.getOpcode(IRETURN));
    }

    private void loadReceiver(MethodVisitor to) {
        if (method.isStatic()) {
            to.visitInsn(ACONST_NULL);
        } else {
            to.visitVarInsn(ALOAD, 0);
        }
    }

    private void loadEverythingAsArray(MethodVisitor to) {
        push(to, arguments.length + 1);
        to.visitTypeInsn(ANEWARRAY, OBJECT.getInternalName());
        if (!method.isStatic()) {
            to.visitInsn(DUP);
            push(to, 0);
            to.visitVarInsn(ALOAD, 0);
            to.visitInsn(AASTORE);
        }
        int slot = method.isStatic() ? 0 : 1;
        for (int i = 0; i < arguments.length; i++) {
            to.visitInsn(DUP);
            push(to, i + 1);
            to.visitVarInsn(arguments[i].getOpcode(ILOAD), slot);
            box(to, arguments[i]);
            to.visitInsn(AASTORE);
            slot += arguments[i].getSize();
        }
    }

    /** Writes the static method that takes receiver and arguments in one array and runs the body. */
    void writeSpread(MethodVisitor to) {
        to.visitCode();
        if (!method.isStatic()) {
            loadElement(to, 0);
            to.visitTypeInsn(CHECKCAST, type.name());
        }
        for (int i = 0; i < arguments.length; i++) {
            loadElement(to, i + 1);
            unbox(to, arguments[i]);
        }
        callBody(to);
        if (result.getSort() == Type.VOID) {
            to.visitInsn(ACONST_NULL);
        } else {
            box(to, result);
        }
        to.visitInsn(ARETURN);
        to.visitMaxs(method.slots() + 2, 1);
        to.visitEnd();
    }

    private static void loadElement(MethodVisitor to, int index) {
        to.visitVarInsn(ALOAD, 0);
        push(to, index);
        to.visitInsn(AALOAD);
    }

    private static void push(MethodVisitor to, int number) {
        to.visitIntInsn(SIPUSH, number);
    }

    private static void box(MethodVisitor to, Type value) {
        if (!isReference(value)) {
            Type box = boxOf(value);
            to.visitMethodInsn(
                    INVOKESTATIC, box.getInternalName(), "valueOf", Type.getMethodDescriptor(box, value), false);
        }
    }

    private static void unbox(MethodVisitor to, Type value) {
        if (value.getSort() == Type.VOID) {
            to.visitInsn(POP);
        } else if (isReference(value)) {
            cast(to, value);
        } else {
            Type box = boxOf(value);
            to.visitTypeInsn(CHECKCAST, box.getInternalName());
            to.visitMethodInsn(
                    INVOKEVIRTUAL,
                    box.getInternalName(),
                    value.getClassName() + "Value",
                    Type.getMethodDescriptor(value),
                    false);
        }
    }

    private static void cast(MethodVisitor to, Type reference) {
        if (!reference.equals(OBJECT)) {
            to.visitTypeInsn(CHECKCAST, reference.getInternalName());
        }
    }

    private static Type boxOf(Type primitive) {
        return Type.getType(
                switch (primitive.getSort()) {
                    case Type.BOOLEAN -> Boolean.class;
                    case Type.CHAR -> Character.class;
                    case Type.BYTE -> Byte.class;
                    case Type.SHORT -> Short.class;
                    case Type.INT -> Integer.class;
                    case Type.FLOAT -> Float.class;
                    case Type.LONG -> Long.class;
                    case Type.DOUBLE -> Double.class;
                    default -> throw new IllegalArgumentException(primitive.getClassName());
                });
    }

    private static boolean isReference(Type value) {
        return value.getSort() == Type.OBJECT || value.getSort() == Type.ARRAY;
    }

    private static Type erased(Type value) {
        return isReference(value) ? OBJECT : value;
    }

    /** Writes the stack-map frame of a place where the parameters, the site, and perhaps the ticket are set. */
    private void frame(MethodVisitor to, boolean withTicket, @Nullable Object onStack) {
        List<Object> locals = new ArrayList<>();
        if (!method.isStatic()) {
            locals.add(type.name());
        }
        for (Type argument : arguments) {
            locals.add(verified(argument));
        }
        locals.add(SITE_NAME);
        if (withTicket) {
            locals.add(Opcodes.LONG);
        }
        Object[] stack = onStack == null ? new Object[0] : new Object[] {onStack};
        to.visitFrame(F_NEW, locals.size(), locals.toArray(), stack.length, stack);
    }

    /** What the verifier calls a value of this type. */
    private static Object verified(Type value) {
        return switch (value.getSort()) {
            case Type.BOOLEAN, Type.CHAR, Type.BYTE, Type.SHORT, Type.INT -> Opcodes.INTEGER;
            case Type.FLOAT -> Opcodes.FLOAT;
            case Type.LONG -> Opcodes.LONG;
            case Type.DOUBLE -> Opcodes.DOUBLE;
            default -> value.getInternalName();
        };
    }

    /** What the hungriest place takes: failure, ticket and site, then all arguments, or the array and one of its elements. */
    private int maxStack() {
        int before = 1 + 2 + 1;
        int handed = method.isWide() ? 1 + 1 + 1 + 2 : 1 + method.slots();
        return Math.max(method.slots(), before + Math.max(handed, result.getSize()));
    }
}
