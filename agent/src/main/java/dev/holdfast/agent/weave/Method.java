package dev.holdfast.agent.weave;

import dev.holdfast.agent.weave.ClassFacts.Member;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;

/**
 * A method that is going to be woven.
 *
 * @param definition what it bears, in the form that the runtime parses; empty if nothing any more
 * @param gated whether its wrapper has the gated shape
 */
record Method(Member member, String definition, boolean gated) {

    /**
     * The most slots of a method whose wrapper leaves by {@code invokedynamic}: long and double take two, and the receiver takes
     * one, in a static method too. The JVM's limit is 255 for a call; from it go the failure, the ticket (two) and the site, and a
     * margin for what method handles need themselves. The runtime goes by the same number.
     */
    static final int MOST_SLOTS = 245;

    boolean isStatic() {
        return member.is(Opcodes.ACC_STATIC);
    }

    /** The slots of receiver and arguments. */
    int slots() {
        int withReceiver = Type.getArgumentsAndReturnSizes(member.descriptor()) >> 2;
        return isStatic() ? withReceiver - 1 : withReceiver;
    }

    /** Whether it has too many parameters for a method handle. */
    boolean isWide() {
        return (isStatic() ? slots() + 1 : slots()) > MOST_SLOTS;
    }

    /** The one flag that must not stay: the wrapper would hold the monitor while it waits. */
    int wrapperAccess() {
        return member.access() & ~Opcodes.ACC_SYNCHRONIZED;
    }

    int bodyAccess() {
        int kept = Opcodes.ACC_STATIC | Opcodes.ACC_SYNCHRONIZED | Opcodes.ACC_STRICT;
        return (member.access() & kept) | Opcodes.ACC_PRIVATE | Opcodes.ACC_SYNTHETIC;
    }
}
