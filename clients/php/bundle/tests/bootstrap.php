<?php

declare(strict_types=1);

// SF_ROOT: a tree of tests/components/php/install.sh. Without it: what Composer installed.
$tree = getenv('SF_ROOT');
require \is_string($tree) && $tree !== '' ? $tree . '/autoload.php' : \dirname(__DIR__) . '/vendor/autoload.php';

spl_autoload_register(static function (string $class): void {
    foreach (
        [
        'Understudy\\SymfonyBundle\\Tests\\' => __DIR__,
        'Understudy\\SymfonyBundle\\' => \dirname(__DIR__) . '/src',
        'Understudy\\Client\\' => \dirname(__DIR__, 2) . '/src',
        ] as $prefix => $folder
    ) {
        if (str_starts_with($class, $prefix)) {
            $file = $folder . '/' . strtr(substr($class, \strlen($prefix)), '\\', '/') . '.php';
            if (is_file($file)) {
                require $file;
            }

            return;
        }
    }
});

date_default_timezone_set('UTC');

register_shutdown_function(static function (): void {
    foreach (glob(sys_get_temp_dir() . '/understudy-bundle-*-' . getmypid()) ?: [] as $folder) {
        $files = new RecursiveIteratorIterator(new RecursiveDirectoryIterator($folder, FilesystemIterator::SKIP_DOTS), RecursiveIteratorIterator::CHILD_FIRST);
        foreach ($files as $file) {
            $file->isDir() ? rmdir($file->getPathname()) : unlink($file->getPathname());
        }
        rmdir($folder);
    }
});
