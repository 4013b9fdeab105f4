package dev.holdfast.runtime.notify;

import dev.holdfast.runtime.notify.channel.SenderThreads;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Asks code of the application's for what only it can tell: the message of an exception whose class has a way of its own to make one, a value as
 * text. Such code may throw anything, and it may never return, which must hold up neither the thread that failed nor all other events. So it runs
 * on a thread beside, for a second; then the answer does without, and whoever did not answer is not asked again. The thread that hangs is left
 * to itself, and when there are some of these nobody is asked any more until one comes back.
 *
 * <p>For one thread that asks.
 */
final class Inquiry {

    private static final long PATIENCE_MILLIS = 1_000;
    private static final int MOST_HANGING = 4;

    /** Whether an exception of that class answers with what {@link Throwable} or the JDK does, which cannot hang. */
    private static final ClassValue<Boolean> PLAIN = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            try {
                return isOfTheJdk(type.getMethod("getMessage").getDeclaringClass())
                        && isOfTheJdk(type.getMethod("getCause").getDeclaringClass())
                        && isOfTheJdk(type.getMethod("getStackTrace").getDeclaringClass());
            } catch (NoSuchMethodException | RuntimeException | LinkageError strange) {
                return false;
            }
        }
    };

    private final Set<Object> silent = Collections.newSetFromMap(new WeakHashMap<>());
    private final AtomicInteger hanging = new AtomicInteger();
    private LinkedBlockingQueue<Question<?>> questions = new LinkedBlockingQueue<>();
    private boolean begun;

    private static boolean isOfTheJdk(Class<?> type) {
        return type.getClassLoader() == null || type.getClassLoader() == ClassLoader.getPlatformClassLoader();
    }

    /** Whether asking that throwable runs none of the application's code. */
    static boolean isPlain(Throwable failure) {
        return PLAIN.get(failure.getClass());
    }

    private static final class Question<T> {

        final Callable<T> what;
        final CountDownLatch done = new CountDownLatch(1);

        /** Set once, by whoever comes first: the answer, or the end of patience. */
        final AtomicBoolean over = new AtomicBoolean();

        T answer;

        Question(Callable<T> what, T otherwise) {
            this.what = what;
            this.answer = otherwise;
        }
    }

    /**
     * Asks.
     *
     * @param whom what is not asked again if this one goes without an answer
     * @param what does not throw, or it is as if it had not answered
     * @param otherwise where there is no answer
     */
    <T> T ask(Object whom, Callable<T> what, T otherwise) {
        if (silent.contains(whom) || hanging.get() >= MOST_HANGING) {
            return otherwise;
        }
        Question<T> question = new Question<>(what, otherwise);
        if (!begun && !begins()) {
            return otherwise;
        }
        questions.add(question);
        try {
            if (!question.done.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                hanging.incrementAndGet();
                if (question.over.compareAndSet(false, true)) {
                    silent.add(whom);
                    begun = false; // another thread for the next one
                    return otherwise;
                }
                hanging.decrementAndGet();
                question.done.await();
            }
        } catch (InterruptedException nobodyShould) {
            return otherwise;
        }
        return question.answer;
    }

    /** @return false if there is no thread to be had, which is the fault of nobody who is asked */
    private boolean begins() {
        LinkedBlockingQueue<Question<?>> own = new LinkedBlockingQueue<>();
        try {
            SenderThreads.daemon(() -> answer(own), "inquiry").start();
        } catch (OutOfMemoryError noThread) {
            return false;
        }
        questions = own;
        begun = true;
        return true;
    }

    private void answer(LinkedBlockingQueue<Question<?>> own) {
        boolean goesOn = true;
        while (goesOn) {
            try {
                goesOn = answer(own.take());
            } catch (InterruptedException byTheApplication) {
                // What it does to the thread it runs on is no reason to end it.
            }
        }
    }

    /** @return whether somebody waited for it, and will ask this thread again */
    private <T> boolean answer(Question<T> question) {
        T answer = question.answer;
        try {
            answer = question.what.call();
        } catch (Throwable broken) {
            // There is an answer for that.
        }
        if (!question.over.compareAndSet(false, true)) {
            hanging.decrementAndGet();
            return false;
        }
        question.answer = answer;
        question.done.countDown();
        return true;
    }
}
