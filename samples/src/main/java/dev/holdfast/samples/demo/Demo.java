package dev.holdfast.samples.demo;

import dev.holdfast.samples.demo.Shop.Answer;
import dev.holdfast.samples.demo.Shop.Outcome;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Sends customers to the price service while the market goes wrong in one way after the other, and tells what they got. */
public final class Demo {

    private static final String[] PRODUCTS = {"tea", "coffee", "cocoa", "sugar"};

    /** The {@code openFor} of the breaker in {@code Prices}. */
    private static final double OPEN_SECONDS = 5;

    /** Beyond this the breaker is taken not to let anything through any more. */
    private static final double PATIENCE_SECONDS = 15;

    private final Switch market;
    private final Shop shop;
    private final Report report;
    private long total;
    private long errors;

    private Demo(Switch market, Shop shop, Report report) {
        this.market = market;
        this.shop = shop;
        this.report = report;
    }

    /**
     * Plays the story once. Ends with status 0 if every step went as promised, 1 if one did not, and 2 if it could not be played.
     *
     * @param arguments the addresses of the market and of the price service
     */
    public static void main(String[] arguments) throws InterruptedException {
        if (arguments.length != 2) {
            System.err.println("usage: Demo <address of the market> <address of the price service>");
            System.exit(2);
        }
        Report report = new Report(System.out);
        try {
            new Demo(new Switch(URI.create(arguments[0])), new Shop(URI.create(arguments[1])), report).play();
        } catch (IOException broken) {
            System.err.println("The demo broke off: " + broken);
            System.exit(2);
        }
        System.exit(report.allKept() ? 0 : 1);
    }

    private void play() throws IOException, InterruptedException {
        // The first request of a JVM takes long, and would be the story of its own start.
        visit("pepper");
        allIsWell();
        nowAndThenItFails();
        itIsSlow();
        aQuestionThatHasNoAnswer();
        itIsDown();
        theBreakerIsOpen();
        aProductNobodyAskedForBefore();
        aProbeFails();
        itIsBack();
        report.step("Looking back");
        report.check(errors == 0, total + " customers came, and " + errors + " got an error");
    }

    private void allIsWell() throws IOException, InterruptedException {
        report.step("All is well.");
        Visits visits = send(20);
        report.check(visits.all(Outcome.FRESH), "every customer got a fresh price");
        report.check(visits.asked() == 20, "the market was asked once for each");
    }

    private void nowAndThenItFails() throws IOException, InterruptedException {
        market.turn("shaky");
        report.step("The market fails now and then: every third request gets a 503.");
        Visits visits = send(30);
        report.check(visits.all(Outcome.FRESH), "every customer got a fresh price all the same");
        report.check(visits.asked() == 44, "14 requests failed and were sent again: attempts = 3");
    }

    private void itIsSlow() throws IOException, InterruptedException {
        market.turn("slow 1");
        report.step("The market takes 3 seconds for one answer.");
        Visits visits = send(1);
        report.check(visits.all(Outcome.FRESH), "the customer got a fresh price");
        report.check(
                visits.asked() == 2 && visits.longestMicros() < 2_900_000,
                "the slow request was given up after a second and sent again: timeout = \"1s\"");
    }

    private void aQuestionThatHasNoAnswer() throws IOException, InterruptedException {
        market.turn("well");
        report.step("All is well again, but somebody asks for a product that nobody sells.");
        Visits unknown = send(1, "unobtainium");
        report.check(unknown.all(Outcome.UNKNOWN), "the customer is told that there is no such product");
        report.check(
                unknown.asked() == 1, "the market was asked once: that is an answer, and not retried (on, except)");
        Visits others = send(20);
        report.check(others.all(Outcome.FRESH), "every other customer got a fresh price");
    }

    private void itIsDown() throws IOException, InterruptedException {
        market.turn("down");
        report.step("The market goes down: every request gets a 503.");
        Visits visits = send(6);
        report.check(visits.all(Outcome.LAST_KNOWN), "every customer got the last known price: lastGood = \"10m\"");
        report.check(
                visits.asked() == 10,
                "after 10 failures in the last 20 requests the breaker opened: no more requests to the market");
    }

    private void theBreakerIsOpen() throws IOException, InterruptedException {
        report.step("It is still down, and the breaker is open.");
        long begun = System.nanoTime();
        List<Answer> answers = new ArrayList<>();
        long askedBefore = market.asked();
        // Not longer than a second, so that the breaker's time is not over on a slow machine.
        while (answers.size() < 200 && System.nanoTime() - begun < TimeUnit.SECONDS.toNanos(1)) {
            answers.add(visit(PRODUCTS[answers.size() % PRODUCTS.length]));
        }
        Visits visits = told(new Visits(answers, market.asked() - askedBefore, System.nanoTime() - begun));
        report.check(visits.all(Outcome.LAST_KNOWN), "every customer got the last known price");
        report.check(visits.asked() == 0, "the market was left in peace");
        // A wait for another attempt takes 25 ms at least.
        report.check(
                visits.medianMicros() < 10_000,
                String.format(
                        Locale.ROOT,
                        "nobody waited: the service took %.0f microseconds for each (median)",
                        visits.medianMicros()));
    }

    private void aProductNobodyAskedForBefore() throws IOException, InterruptedException {
        report.step("Somebody asks for saffron, which nobody has asked for before.");
        Visits visits = send(1, "saffron");
        report.check(
                visits.all(Outcome.LISTED),
                "there is no last known price, so it is the one on the list: fallback = \"listed\"");
    }

    private void aProbeFails() throws IOException, InterruptedException {
        report.step("After 5 seconds the breaker lets one request through, half-open. The market is still down.");
        Visits until = sendUntilTheMarketIsAsked();
        report.check(until.asked() == 1, "one request reached the market, and failed");
        report.check(until.all(Outcome.LAST_KNOWN), "the customer got the last known price all the same");
        Visits after = send(20);
        report.check(after.asked() == 0 && after.all(Outcome.LAST_KNOWN), "the breaker is open again");
    }

    private void itIsBack() throws IOException, InterruptedException {
        market.turn("well");
        report.step("The market is back. The breaker finds out after another 5 seconds.");
        long open = System.nanoTime();
        Visits until = sendUntilTheMarketIsAsked();
        report.check(
                until.count(Outcome.FRESH) == 1 && until.count(Outcome.LAST_KNOWN) == until.customers() - 1,
                "the first request that was let through brought a fresh price");
        report.check((System.nanoTime() - open) / 1e9 > OPEN_SECONDS - 2, "until then the market was left in peace");
        Visits after = send(20);
        report.check(
                after.all(Outcome.FRESH) && after.asked() == 20,
                "after 2 good ones the breaker is closed, and everything is as it was: probes = 2");
        Visits saffron = send(1, "saffron");
        report.check(saffron.all(Outcome.FRESH), "saffron has a fresh price, too");
    }

    private Visits send(int customers) throws IOException, InterruptedException {
        return send(customers, PRODUCTS);
    }

    private Visits send(int customers, String... products) throws IOException, InterruptedException {
        long begun = System.nanoTime();
        long askedBefore = market.asked();
        List<Answer> answers = new ArrayList<>();
        while (answers.size() < customers) {
            answers.add(visit(products[answers.size() % products.length]));
        }
        return told(new Visits(answers, market.asked() - askedBefore, System.nanoTime() - begun));
    }

    /** Sends one customer every quarter of a second. */
    private Visits sendUntilTheMarketIsAsked() throws IOException, InterruptedException {
        report.tell("A customer comes every quarter of a second ...");
        long begun = System.nanoTime();
        long askedBefore = market.asked();
        List<Answer> answers = new ArrayList<>();
        long asked = 0;
        while (asked == 0 && System.nanoTime() - begun < TimeUnit.SECONDS.toNanos((long) PATIENCE_SECONDS)) {
            Thread.sleep(250);
            answers.add(visit(PRODUCTS[answers.size() % PRODUCTS.length]));
            asked = market.asked() - askedBefore;
        }
        return told(new Visits(answers, asked, System.nanoTime() - begun));
    }

    private Answer visit(String product) throws IOException, InterruptedException {
        Answer answer = shop.ask(product);
        total++;
        errors += answer.outcome() == Outcome.ERROR ? 1 : 0;
        return answer;
    }

    private Visits told(Visits visits) {
        report.tell(visits);
        return visits;
    }
}
