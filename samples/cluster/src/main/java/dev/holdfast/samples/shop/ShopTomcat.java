package dev.holdfast.samples.shop;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.startup.Tomcat;

/** The shop on an embedded Tomcat. */
public final class ShopTomcat {

    private ShopTomcat() {}

    /**
     * Serves until the JVM ends. Prints its address as the first line of stdout.
     *
     * @param arguments as of {@link ShopServer}
     */
    public static void main(String[] arguments) throws IOException, LifecycleException {
        if (arguments.length != 4) {
            System.err.println("usage: ShopTomcat <name of the node> <port> <address of the bank> <log file>");
            System.exit(2);
        }
        Shop shop = new Shop(arguments[0], URI.create(arguments[2]), Path.of(arguments[3]));
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(Files.createTempDirectory("tomcat").toString());
        tomcat.setPort(Integer.parseInt(arguments[1]));
        tomcat.getConnector()
                .setProperty("address", InetAddress.getLoopbackAddress().getHostAddress());
        Context context = tomcat.addContext("", null);
        Tomcat.addServlet(context, "shop", new ShopServlet(shop));
        context.addServletMappingDecoded("/*", "shop");
        tomcat.start();
        System.out.println("http://127.0.0.1:" + tomcat.getConnector().getLocalPort());
        tomcat.getServer().await();
    }
}
