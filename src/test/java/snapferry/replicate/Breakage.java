package snapferry.replicate;

import java.util.Random;
import org.jspecify.annotations.NullMarked;
import snapferry.device.HostileDisk;

/** What goes wrong with a disk at its n-th operation. */
@NullMarked
enum Breakage {
  CRASH,
  WRITE_ERROR,
  SYNC_ERROR,
  DISK_FULL;

  /** Has it strike {@code disk} at {@code operation}. */
  void arm(HostileDisk disk, int operation, Random random) {
    switch (this) {
      case CRASH -> disk.crashAt(operation, random);
      case WRITE_ERROR -> disk.failAt(operation, HostileDisk.Fault.WRITE_ERROR);
      case SYNC_ERROR -> disk.failAt(operation, HostileDisk.Fault.SYNC_ERROR);
      case DISK_FULL -> disk.failAt(operation, HostileDisk.Fault.DISK_FULL);
    }
  }
}
