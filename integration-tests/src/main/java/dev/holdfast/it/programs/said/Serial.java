package dev.holdfast.it.programs.said;

import dev.holdfast.Recover;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

/** Writes an object of a woven class to a file, or reads it: {@code write <file>} or {@code read <file>}. */
public final class Serial {

    private Serial() {}

    /** Without a serial version of its own, as most classes are. */
    static class Order implements Serializable {
        private final String id;
        private final long amount;

        Order(String id, long amount) {
            this.id = id;
            this.amount = amount;
        }

        @Recover(attempts = 2, delay = "0s")
        public String id() {
            return id;
        }

        @Recover(fallback = "none")
        private long amount() throws IOException {
            return amount;
        }

        private long none() {
            return 0;
        }

        @Recover(fallback = "nobody")
        Supplier<String> later() {
            return (Supplier<String> & Serializable) () -> id + "later";
        }

        private Supplier<String> nobody() {
            return null;
        }
    }

    public static void main(String[] arguments) throws Exception {
        Path file = Path.of(arguments[1]);
        if (arguments[0].equals("write")) {
            try (ObjectOutputStream out = new ObjectOutputStream(Files.newOutputStream(file))) {
                Order order = new Order("a", 7);
                order.id();
                out.writeObject(order);
                out.writeObject(order.later());
            }
            System.out.println("written");
        } else {
            try (ObjectInputStream in = new ObjectInputStream(Files.newInputStream(file))) {
                Order order = (Order) in.readObject();
                Supplier<?> later = (Supplier<?>) in.readObject();
                System.out.println(order.id() + " " + order.amount() + " " + later.get());
            }
        }
    }
}
