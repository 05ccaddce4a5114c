<?php

declare(strict_types=1);

namespace Understudy\Laravel\Tests;

use Illuminate\Contracts\Console\Kernel as ConsoleKernelContract;
use Illuminate\Contracts\Debug\ExceptionHandler;
use Illuminate\Contracts\Http\Kernel as HttpKernelContract;
use Illuminate\Foundation\Application;
use Illuminate\Foundation\Console\Kernel as ConsoleKernel;
use Illuminate\Foundation\Exceptions\Handler;
use Illuminate\Foundation\Http\Kernel as HttpKernel;

/** A new application of Laravel in a folder of this process, in which Composer seems to have installed the package. */
final class TestApplication
{
    private static ?string $folder = null;

    public static function create(): Application
    {
        $folder = self::folder();
        $app = new Application($folder);
        $app->useStoragePath($folder . '/storage');
        $app->singleton(HttpKernelContract::class, HttpKernel::class);
        $app->singleton(ConsoleKernelContract::class, ConsoleKernel::class);
        $app->singleton(ExceptionHandler::class, Handler::class);

        return $app;
    }

    private static function folder(): string
    {
        if (self::$folder !== null) {
            return self::$folder;
        }
        $folder = sys_get_temp_dir() . '/understudy-laravel-' . getmypid();
        foreach (['config', 'bootstrap/cache', 'storage/framework/views', 'storage/framework/cache', 'storage/logs', 'vendor/composer', 'resources/views'] as $name) {
            @mkdir("$folder/$name", 0o777, true);
        }
        foreach (glob(__DIR__ . '/App/config/*.php') ?: [] as $file) {
            copy($file, $folder . '/config/' . basename($file));
        }
        file_put_contents($folder . '/composer.json', '{}');
        // What Composer writes down of the package: Laravel discovers its providers there.
        $package = json_decode((string) file_get_contents(\dirname(__DIR__) . '/composer.json'), true, 64, \JSON_THROW_ON_ERROR);
        file_put_contents($folder . '/vendor/composer/installed.json', json_encode(['packages' => [$package]], \JSON_THROW_ON_ERROR));
        register_shutdown_function(static function () use ($folder): void {
            if (!is_dir($folder)) {
                return;
            }
            $files = new \RecursiveIteratorIterator(new \RecursiveDirectoryIterator($folder, \FilesystemIterator::SKIP_DOTS), \RecursiveIteratorIterator::CHILD_FIRST);
            foreach ($files as $file) {
                $file->isDir() ? rmdir($file->getPathname()) : unlink($file->getPathname());
            }
            rmdir($folder);
        });

        return self::$folder = $folder;
    }
}
