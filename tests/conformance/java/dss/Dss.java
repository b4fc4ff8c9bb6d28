import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.model.x509.CertificateToken;
import eu.europa.esig.dss.simplereport.SimpleReport;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.spi.x509.revocation.crl.ExternalResourcesCRLSource;
import eu.europa.esig.dss.validation.SignedDocumentValidator;
import java.io.File;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Judges files by EU DSS with its own default policy, offline: nothing is fetched.
 * Arguments: a folder with trusted *.crt and *.crl (DER), and a text file that names a file per line.
 * Prints a line of tabs per file: name, number of signatures, indication, sub-indication, level, first errors.
 */
public class Dss {
  private static final PrintStream OUT = System.out;

  public static void main(String[] arguments) throws Exception {
    System.setOut(System.err);
    CommonCertificateVerifier verifier = verifier(new File(arguments[0]));
    for (String name : Files.readAllLines(Path.of(arguments[1]))) {
      OUT.println(name + "\t" + judge(new File(name), verifier).replaceAll("[\\r\\n]+", " "));
    }
  }

  private static CommonCertificateVerifier verifier(File folder) {
    CommonTrustedCertificateSource trusted = new CommonTrustedCertificateSource();
    List<String> lists = new ArrayList<>();
    for (File file : folder.listFiles()) {
      if (file.getName().endsWith(".crt")) {
        CertificateToken anchor = DSSUtils.loadCertificate(file);
        trusted.addCertificate(anchor);
      } else if (file.getName().endsWith(".crl")) {
        lists.add(file.getPath());
      }
    }
    CommonCertificateVerifier verifier = new CommonCertificateVerifier(true);
    verifier.setAIASource(null);
    verifier.setTrustedCertSources(trusted);
    verifier.setCrlSource(new ExternalResourcesCRLSource(
        lists.stream().map(FileDocument::new).toArray(FileDocument[]::new)));
    return verifier;
  }

  private static String judge(File file, CommonCertificateVerifier verifier) {
    try {
      SignedDocumentValidator validator = SignedDocumentValidator.fromDocument(new FileDocument(file));
      validator.setCertificateVerifier(verifier);
      SimpleReport report = validator.validateDocument().getSimpleReport();
      String id = report.getFirstSignatureId();
      if (id == null) {
        return "0\tNO_SIGNATURE\t\t\t";
      }
      return String.join("\t", String.valueOf(report.getSignaturesCount()), report.getIndication(id).name(),
          report.getSubIndication(id) == null ? "" : report.getSubIndication(id).name(),
          String.valueOf(report.getSignatureFormat(id)), errors(report, id));
    } catch (Exception | StackOverflowError error) {
      return "0\tUNREADABLE\t" + error.getClass().getSimpleName() + "\t\t" + error.getMessage();
    }
  }

  private static String errors(SimpleReport report, String id) {
    StringBuilder text = new StringBuilder();
    report.getAdESValidationErrors(id).forEach(message -> text.append(message.getValue()).append(" | "));
    return text.toString().replace('\t', ' ');
  }
}
