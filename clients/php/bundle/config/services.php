<?php

declare(strict_types=1);

namespace Symfony\Component\DependencyInjection\Loader\Configurator;

use Understudy\SymfonyBundle\Client\Clients;
use Understudy\SymfonyBundle\Command\ExportCommand;
use Understudy\SymfonyBundle\Command\ImportCommand;
use Understudy\SymfonyBundle\Command\JobsCommand;
use Understudy\SymfonyBundle\Command\PingCommand;
use Understudy\SymfonyBundle\Command\PredictCommand;
use Understudy\SymfonyBundle\Command\TasksCommand;
use Understudy\SymfonyBundle\Command\WebhookVerifyCommand;
use Understudy\SymfonyBundle\Messenger\Results;
use Understudy\SymfonyBundle\Webhook\WebhookController;
use Understudy\SymfonyBundle\Webhook\WebhookIntake;

return static function (ContainerConfigurator $container): void {
    $services = $container->services();

    $services->set('understudy.clients', Clients::class);
    $services->alias(Clients::class, 'understudy.clients');

    $services->set('understudy.results', Results::class)
        ->arg('$bus', null)
        ->arg('$events', service('event_dispatcher')->nullOnInvalid())
        ->arg('$logger', service('logger')->nullOnInvalid())
        ->tag('monolog.logger', ['channel' => 'understudy']);

    $services->set('understudy.webhook.intake', WebhookIntake::class)
        ->arg('$secrets', '%understudy.webhook.secrets%')
        ->arg('$tolerance', '%understudy.webhook.tolerance%')
        ->arg('$remember', '%understudy.webhook.remember%')
        ->arg('$results', service('understudy.results'))
        ->arg('$logger', service('logger')->nullOnInvalid())
        ->tag('monolog.logger', ['channel' => 'understudy']);
    $services->set('understudy.webhook.controller', WebhookController::class)
        ->public()
        ->arg('$intake', service('understudy.webhook.intake'))
        ->tag('controller.service_arguments');
    $services->alias(WebhookController::class, 'understudy.webhook.controller')->public();

    foreach ([PingCommand::class, TasksCommand::class, PredictCommand::class, ImportCommand::class, JobsCommand::class] as $command) {
        $services->set($command)->arg('$clients', service('understudy.clients'))->tag('console.command');
    }
    $services->set(ExportCommand::class)
        ->arg('$clients', service('understudy.clients'))
        ->arg('$doctrine', service('doctrine')->nullOnInvalid())
        ->tag('console.command');
    $services->set(WebhookVerifyCommand::class)
        ->arg('$secrets', '%understudy.webhook.secrets%')
        ->arg('$tolerance', '%understudy.webhook.tolerance%')
        ->tag('console.command');
};
