// Deploys each kind of resource to a local AWS with AWS's SDK for Go, as infrastructure tools in Go do.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	control "github.com/aws/aws-sdk-go-v2/service/bedrockagentcorecontrol"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagentcorecontrol/types"
)

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := run(ctx); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	settings, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return err
	}
	shop := &shop{client: control.NewFromConfig(settings), name: os.Getenv("NAME"), targetIDs: map[string]string{}}
	resources := []resource{shop.identity(), shop.keyProvider(), shop.oauthProvider(), shop.engine(), shop.policy(), shop.gateway()}
	resources = append(resources, shop.targets()...)
	resources = append(resources, shop.rule())
	for _, it := range resources {
		if err := it.deploy(ctx); err != nil {
			return err
		}
		fmt.Println("deployed", it.name)
	}
	for _, check := range []func(context.Context) error{shop.tags, shop.pages, shop.errors} {
		if err := check(ctx); err != nil {
			return err
		}
	}
	for _, it := range slices.Backward(resources) {
		if err := it.destroy(ctx); err != nil {
			return err
		}
	}
	fmt.Println("destroyed", len(resources))
	return nil
}

// tags are changed on the resource after it was created.
func (s *shop) tags(ctx context.Context) error {
	arn := aws.String(s.gatewayArn)
	if _, err := s.client.TagResource(ctx, &control.TagResourceInput{ResourceArn: arn, Tags: map[string]string{"team": "shop", "stage": "test"}}); err != nil {
		return err
	}
	if _, err := s.client.UntagResource(ctx, &control.UntagResourceInput{ResourceArn: arn, TagKeys: []string{"stage"}}); err != nil {
		return err
	}
	found, err := s.client.ListTagsForResource(ctx, &control.ListTagsForResourceInput{ResourceArn: arn})
	if err != nil {
		return err
	}
	if len(found.Tags) != 2 || found.Tags["team"] != "shop" || found.Tags["of"] != "go" {
		return fmt.Errorf("tags are %v", found.Tags)
	}
	return nil
}

// pages follow each other until each target was listed once.
func (s *shop) pages(ctx context.Context) error {
	pages := control.NewListGatewayTargetsPaginator(s.client, &control.ListGatewayTargetsInput{GatewayIdentifier: &s.gatewayID, MaxResults: aws.Int32(1)})
	names := map[string]bool{}
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, it := range page.Items {
			names[aws.ToString(it.Name)] = true
		}
	}
	if len(names) != len(s.targets()) {
		return fmt.Errorf("the pages list %v", names)
	}
	return nil
}

// errors have the types that tools look for.
func (s *shop) errors(ctx context.Context) error {
	_, err := s.client.CreateGateway(ctx, s.gatewayInput())
	var conflict *types.ConflictException
	if !errors.As(err, &conflict) {
		return fmt.Errorf("a second gateway of the name: %w", err)
	}
	_, err = s.client.CreateWorkloadIdentity(ctx, &control.CreateWorkloadIdentityInput{Name: aws.String("no spaces")})
	var invalid *types.ValidationException
	if !errors.As(err, &invalid) || invalid.Reason != types.ValidationExceptionReasonFieldValidationFailed {
		return fmt.Errorf("an invalid name: %w", err)
	}
	return nil
}
