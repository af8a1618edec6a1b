/*
 * A FUSE server of one file by libfuse's low-level interface, as its passthrough_ll is, and as quick
 * as that can be made: what Snapferry's own server is measured against. The kernel caches nothing,
 * requests have up to 1 MiB, and bytes are spliced, not copied, where libfuse can.
 *
 *   one-file BACKING MOUNTPOINT      serves it as MOUNTPOINT/vol0 until it is unmounted
 */
#define FUSE_USE_VERSION 312
#include <errno.h>
#include <fcntl.h>
#include <fuse_lowlevel.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_NODE = 2, MAX_WRITE = 1 << 20 };

static const char *const name = "vol0";
static const double valid = 86400;
static int backing;
static off_t size;

static void describe(fuse_ino_t node, struct stat *st)
{
	memset(st, 0, sizeof *st);
	st->st_ino = node;
	st->st_mode = node == FUSE_ROOT_ID ? S_IFDIR | 0700 : S_IFREG | 0600;
	st->st_nlink = 1;
	st->st_size = node == FUSE_ROOT_ID ? 0 : size;
}

static void init(void *unused, struct fuse_conn_info *connection)
{
	(void)unused;
	connection->max_write = MAX_WRITE;
	connection->max_read = MAX_WRITE;
	connection->max_background = 64;
	connection->want |= connection->capable &
			    (FUSE_CAP_SPLICE_READ | FUSE_CAP_SPLICE_WRITE | FUSE_CAP_SPLICE_MOVE |
			     FUSE_CAP_ASYNC_DIO);
}

static void lookup(fuse_req_t request, fuse_ino_t parent, const char *wanted)
{
	struct fuse_entry_param entry = { .ino = FILE_NODE, .attr_timeout = valid, .entry_timeout = valid };

	if (parent != FUSE_ROOT_ID || strcmp(wanted, name) != 0) {
		fuse_reply_err(request, ENOENT);
		return;
	}
	describe(FILE_NODE, &entry.attr);
	fuse_reply_entry(request, &entry);
}

static void getattr(fuse_req_t request, fuse_ino_t node, struct fuse_file_info *file)
{
	struct stat st;

	(void)file;
	describe(node, &st);
	fuse_reply_attr(request, &st, valid);
}

static void open_file(fuse_req_t request, fuse_ino_t node, struct fuse_file_info *file)
{
	(void)node;
	file->direct_io = 1;
#if FUSE_VERSION >= FUSE_MAKE_VERSION(3, 15)
	file->parallel_direct_writes = 1;
#endif
	fuse_reply_open(request, file);
}

static void read_file(fuse_req_t request, fuse_ino_t node, size_t count, off_t offset,
		      struct fuse_file_info *file)
{
	struct fuse_bufvec bytes = FUSE_BUFVEC_INIT(count);

	(void)node;
	(void)file;
	bytes.buf[0].flags = FUSE_BUF_IS_FD | FUSE_BUF_FD_SEEK;
	bytes.buf[0].fd = backing;
	bytes.buf[0].pos = offset;
	fuse_reply_data(request, &bytes, FUSE_BUF_SPLICE_MOVE);
}

static void write_file(fuse_req_t request, fuse_ino_t node, struct fuse_bufvec *from, off_t offset,
		       struct fuse_file_info *file)
{
	struct fuse_bufvec to = FUSE_BUFVEC_INIT(fuse_buf_size(from));
	ssize_t written;

	(void)node;
	(void)file;
	to.buf[0].flags = FUSE_BUF_IS_FD | FUSE_BUF_FD_SEEK;
	to.buf[0].fd = backing;
	to.buf[0].pos = offset;
	written = fuse_buf_copy(&to, from, 0);
	if (written < 0)
		fuse_reply_err(request, -written);
	else
		fuse_reply_write(request, written);
}

static void sync_file(fuse_req_t request, fuse_ino_t node, int data, struct fuse_file_info *file)
{
	(void)node;
	(void)data;
	(void)file;
	fuse_reply_err(request, fdatasync(backing) < 0 ? errno : 0);
}

static const struct fuse_lowlevel_ops operations = {
	.init = init,
	.lookup = lookup,
	.getattr = getattr,
	.open = open_file,
	.read = read_file,
	.write_buf = write_file,
	.fsync = sync_file,
};

int main(int argc, char **argv)
{
	char *words[] = { argv[0], "-o", "fsname=one-file,default_permissions,max_read=1048576" };
	struct fuse_args arguments = FUSE_ARGS_INIT(3, words);
	struct fuse_loop_config *config = fuse_loop_cfg_create();
	struct fuse_session *session;
	int result;

	if (argc != 3 || (backing = open(argv[1], O_RDWR | O_CLOEXEC)) < 0) {
		perror("one-file BACKING MOUNTPOINT");
		return 2;
	}
	size = lseek(backing, 0, SEEK_END);
	session = fuse_session_new(&arguments, &operations, sizeof operations, NULL);
	if (!session || fuse_set_signal_handlers(session) < 0 || fuse_session_mount(session, argv[2]) < 0)
		return 1;
	fuse_loop_cfg_set_clone_fd(config, 1);
	result = fuse_session_loop_mt(session, config);
	fuse_session_unmount(session);
	return result;
}
